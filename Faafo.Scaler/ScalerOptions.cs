using Faafo.Scaler.Spec;

namespace Faafo.Scaler;

/// <summary>What every command of the scaler was told.</summary>
/// <param name="StateDir">Where the local flock keeps its data and instances; for a flock on a cloud, where the scaler keeps its log.</param>
/// <param name="FlockFile">flock.yaml; null for the defaults.</param>
/// <param name="Cloud">The cloud, if the command line names it: it comes before the file's.</param>
/// <param name="Endpoint">Where the flock's API listens.</param>
/// <param name="EndpointOverride">Where a flock on a cloud is reached instead of at its floating address.</param>
/// <param name="Balanced">Whether HAProxy stands before the APIs of the local flock, because it was asked for or runs already.</param>
internal sealed record ScalerOptions(string StateDir, string? FlockFile, string? Cloud, Uri Endpoint, Uri? EndpointOverride = null,
    bool Balanced = false)
{
    /// <summary>The local flock as it is wanted.</summary>
    /// <exception cref="Faafo.Options.UsageException">flock.yaml is wrong.</exception>
    public FlockSpec ReadFlock() => FlockFile is { } path ? new FlockFile(path, Cloud, Balanced).Read() : Balanced ? new FlockSpec().Balanced() : new FlockSpec();
}
