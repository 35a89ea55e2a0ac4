using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>Carries out a decision: deletes, drains, returns to work and creates instances.</summary>
/// <param name="provider">The instances.</param>
/// <param name="api">The API, which passes drains on to the nodes.</param>
/// <param name="log">The loop's log.</param>
internal sealed partial class DecisionExecutor(IInstanceProvider provider, ApiConnection api, ILogger log)
{
    /// <summary>Instances created or deleted at a time: each takes a cloud seconds to minutes.</summary>
    private const int Parallelism = 4;

    /// <summary>Carries out a decision on a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="instances">All instances, as they were observed.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="cancellationToken">Stops; the next round observes what was done.</param>
    /// <exception cref="ProviderException">The provider failed.</exception>
    public async Task ExecuteAsync(
        GroupSpec group, IReadOnlyList<Instance> instances, Decision decision, CancellationToken cancellationToken)
    {
        await ForEachAsync(decision.Delete, removal => DeleteAsync(removal, instances, cancellationToken), cancellationToken);
        foreach (var instance in decision.Undrain)
        {
            await api.TryAsync((client, stop) => client.DrainNodeAsync(instance.Name, drain: false, stop), cancellationToken);
        }
        foreach (var instance in decision.Drain)
        {
            await api.TryAsync((client, stop) => client.DrainNodeAsync(instance.Name, drain: true, stop), cancellationToken);
        }
        await ForEachAsync(
            FreeNames(group, instances, decision), name => provider.CreateAsync(group, name, cancellationToken), cancellationToken);
    }

    private async Task DeleteAsync(Removal removal, IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        var observed = removal.Instance;
        var instance = instances.First(one => one.Id == observed.Id);
        Removing(log, observed.Name, removal.Reason);
        if (observed.State is not InstanceState.Left && await provider.GetConsoleTailAsync(instance, cancellationToken) is { } tail)
        {
            LastOutput(log, observed.Name, tail);
        }
        await provider.DeleteAsync(instance, cancellationToken);
        await api.TryAsync((client, stop) => client.ForgetNodeAsync(observed.Name, stop), cancellationToken);
    }

    private static string[] FreeNames(GroupSpec group, IReadOnlyList<Instance> instances, Decision decision)
    {
        var deleted = decision.Delete.Select(removal => removal.Instance.Id).ToHashSet();
        var taken = instances.Where(instance => !deleted.Contains(instance.Id)).Select(instance => instance.Name).ToHashSet();
        return
        [
            .. Enumerable.Range(1, taken.Count + decision.Create).Select(ordinal => InstanceName.Of(group.Name, ordinal))
                .Where(taken.Add).Take(decision.Create),
        ];
    }

    // After the first failure no further operation starts; those in flight finish, because the cloud may already have acted on them.
    private static async Task ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> operation, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Parallelism);
        var hasFailed = false;
        await Task.WhenAll(items.Select(async item =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                if (!Volatile.Read(ref hasFailed))
                {
                    await operation(item);
                }
            }
            catch
            {
                Volatile.Write(ref hasFailed, true);
                throw;
            }
            finally
            {
                slots.Release();
            }
        }).ToArray());
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "Removing {Name}: it {Reason}")]
    private static partial void Removing(ILogger log, string name, string reason);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "Last output of {Name}:\n{Tail}")]
    private static partial void LastOutput(ILogger log, string name, string tail);
}
