using Faafo.Scaler.Policy;

namespace Faafo.Scaler.Control;

/// <summary>The parts of a decision that failed; all others were carried out.</summary>
/// <param name="Deletions">The deletions that failed, and why.</param>
/// <param name="Creations">Why creations failed.</param>
internal sealed record ExecutionFailures(
    IReadOnlyList<(Removal Removal, Exception Error)> Deletions, IReadOnlyList<Exception> Creations)
{
    /// <summary>Whether anything failed.</summary>
    public bool Any => Deletions.Count + Creations.Count > 0;

    /// <summary>Whether the provider refused to create an instance. An outage of the provider refuses nothing.</summary>
    public bool IsCreationRefused => Creations.Any(error => error is not ProviderException { Kind: ProviderErrorKind.Transient });
}
