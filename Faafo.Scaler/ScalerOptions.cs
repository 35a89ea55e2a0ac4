using Faafo.Scaler.Spec;

namespace Faafo.Scaler;

/// <summary>The options that all commands of the scaler share.</summary>
/// <param name="StateDir">Where a local flock keeps its data and instances; for a flock on a cloud, where the scaler keeps its log.</param>
/// <param name="FlockFile">flock.yaml; null for the defaults.</param>
/// <param name="Cloud">The cloud that the command line names, which takes precedence over the file's; null for none.</param>
/// <param name="Endpoint">Where the API of a local flock listens.</param>
/// <param name="EndpointOverride">The API that the command line names, instead of the flock's own; null for none.</param>
/// <param name="Balanced">Whether HAProxy runs in front of the APIs of the local flock, because it is asked for or runs already.</param>
internal sealed record ScalerOptions(
    string StateDir, string? FlockFile, string? Cloud, Uri Endpoint, Uri? EndpointOverride = null, bool Balanced = false)
{
    /// <summary>Whether the scaler of a stack works without a lease, on a cloud that has no place for one.</summary>
    public bool WithoutLease { get; init; }

    /// <summary>The flock of the file that the command line names; null when it names none.</summary>
    /// <exception cref="Faafo.Options.UsageException">flock.yaml is invalid.</exception>
    public FlockSpec? NamedFlock => FlockFile is null ? null : ReadFlock();

    /// <summary>Reads the flock that the file describes, or the default one.</summary>
    /// <exception cref="Faafo.Options.UsageException">flock.yaml is invalid.</exception>
    public FlockSpec ReadFlock()
    {
        return FlockFile is { } path
            ? new FlockFile(path, Cloud, Balanced).Read()
            : FlockSpec.Of(Cloud ?? FlockSpec.Local, Balanced);
    }
}
