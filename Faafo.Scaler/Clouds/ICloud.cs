namespace Faafo.Scaler.Clouds;

/// <summary>One instance as its cloud knows it.</summary>
/// <param name="Id">The cloud's own id; instances are only ever removed by it.</param>
/// <param name="Name">Its name, unique in the flock: <c>app-worker-3</c>.</param>
/// <param name="Group">Its group.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="IsRunning">Whether it runs; whether it works is for its heartbeat to say.</param>
internal sealed record Instance(string Id, string Name, string Group, DateTimeOffset CreatedAt, bool IsRunning);

/// <summary>Where instances come from: processes on this host (local), servers of an OpenStack cloud, or the workers of a stack of Heat.</summary>
internal interface ICloud
{
    /// <summary>Every instance of this flock, running or not.</summary>
    Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Creates an instance of a group; it need not run yet when this returns.</summary>
    Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken);

    /// <summary>Asks an instance to finish and leave.</summary>
    Task StopAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>Removes an instance, running or not.</summary>
    Task DeleteAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>The ids of a group's instances that are made of something else than flock.yaml says now.</summary>
    Task<IReadOnlySet<string>> OutdatedAsync(string group, CancellationToken cancellationToken);

    /// <summary>The last words of an instance: why it is in error, or the end of its console or log; null when there are none to be had.</summary>
    Task<string?> TailAsync(Instance instance, CancellationToken cancellationToken);
}
