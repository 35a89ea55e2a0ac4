namespace Faafo.Scaler.Control;

/// <summary>One instance as its cloud knows it.</summary>
/// <param name="Id">The cloud's own id; instances are only ever removed by it.</param>
/// <param name="Name">Its name, unique in the flock: <c>app-worker-3</c>.</param>
/// <param name="Group">Its group.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="IsRunning">Whether it runs; whether it works is for its heartbeat to say.</param>
internal sealed record Instance(string Id, string Name, string Group, DateTimeOffset CreatedAt, bool IsRunning);
