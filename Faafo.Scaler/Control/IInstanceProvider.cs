using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>
/// Where instances come from: processes on this host (local), servers of an OpenStack cloud, or the workers of a stack of Heat. Its errors
/// are <see cref="ProviderException"/>s.
/// </summary>
internal interface IInstanceProvider
{
    /// <summary>Lists every instance of this flock, running or not.</summary>
    Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Creates an instance of a group; it need not run yet when this returns.</summary>
    Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken);

    /// <summary>Deletes an instance, running or not.</summary>
    Task DeleteAsync(Instance instance, CancellationToken cancellationToken);

    /// <summary>
    /// Completes what an earlier call left half done, such as the deletion of an instance whose address could not be released. Costs
    /// nothing if there is nothing.
    /// </summary>
    Task RepairAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Finds the ids of a group's instances that differ from what flock.yaml describes now.</summary>
    Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken);

    /// <summary>Reads why an instance is in error, or the end of its console or log; null when there is nothing to read.</summary>
    Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken);
}
