namespace Faafo.Scaler.OpenStack;

/// <summary>Where a lease is kept, and what it is for.</summary>
/// <param name="Container">The container of the object.</param>
/// <param name="Subject">What only one scaler may change, for messages: <c>the flock 'faafo'</c>.</param>
internal sealed record LeasePlace(string Container, string Subject)
{
    /// <summary>Creates the container again if its last user has deleted it; null if that means the end of the subject.</summary>
    public Func<CancellationToken, Task>? EnsureAsync { get; init; }
}
