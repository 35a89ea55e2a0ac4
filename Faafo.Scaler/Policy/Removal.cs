namespace Faafo.Scaler.Policy;

/// <summary>An instance to delete, and why.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Reason">The reason, after the word "it".</param>
internal sealed record Removal(InstanceObservation Instance, string Reason)
{
    /// <summary>How often the provider has refused to delete it.</summary>
    public int Refusals { get; init; }
}
