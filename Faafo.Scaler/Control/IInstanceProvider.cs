using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>Where instances come from: processes on this host (local), servers of an OpenStack cloud, or the workers of a stack of Heat.</summary>
internal interface IInstanceProvider
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
    Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken);

    /// <summary>The last words of an instance: why it is in error, or the end of its console or log; null when there are none to be had.</summary>
    Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken);
}
