namespace Faafo.Scaler.Policy;

/// <summary>What is to be done, and why.</summary>
/// <param name="Wanted">Workers wanted.</param>
/// <param name="Create">Workers to create now.</param>
/// <param name="Drain">Workers to drain now.</param>
/// <param name="Undrain">Workers whose drain is to be taken back.</param>
/// <param name="Delete">Instances to remove, by id, each with its reason.</param>
/// <param name="Reason">The numbers that led here, in words.</param>
internal sealed record Decision(int Wanted, int Create, IReadOnlyList<InstanceObservation> Drain, IReadOnlyList<InstanceObservation> Undrain,
    IReadOnlyList<(InstanceObservation Worker, string Reason)> Delete, string Reason);
