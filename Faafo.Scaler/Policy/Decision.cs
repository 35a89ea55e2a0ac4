namespace Faafo.Scaler.Policy;

/// <summary>What to do with a group, and why.</summary>
/// <param name="Wanted">Instances wanted.</param>
/// <param name="Create">Instances to create now.</param>
/// <param name="Drain">Instances to drain now.</param>
/// <param name="Undrain">Instances whose drain to cancel.</param>
/// <param name="Delete">Instances to delete, by id.</param>
/// <param name="Reason">The numbers behind the decision, in words.</param>
internal sealed record Decision(
    int Wanted, int Create, IReadOnlyList<InstanceObservation> Drain, IReadOnlyList<InstanceObservation> Undrain,
    IReadOnlyList<Removal> Delete, string Reason)
{
    /// <summary>Whether instances are created, drained or returned to work.</summary>
    public bool ChangesAnything => Create > 0 || Drain.Count > 0 || Undrain.Count > 0;
}
