namespace Faafo.Scaler.Control;

/// <summary>One instance as its provider knows it.</summary>
/// <param name="Id">The provider's own id; instances are only ever deleted by it.</param>
/// <param name="Name">Its name, unique in the flock: <c>app-worker-3</c>.</param>
/// <param name="Group">Its group.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="IsRunning">Whether it runs; whether it works is reported by its heartbeat.</param>
/// <param name="Held">
/// The provider's status of an instance that an operator has stopped, paused or locked or is changing, such as SHUTOFF; null for all
/// others. The scaler leaves it alone.
/// </param>
internal sealed record Instance(string Id, string Name, string Group, DateTimeOffset CreatedAt, bool IsRunning, string? Held = null);
