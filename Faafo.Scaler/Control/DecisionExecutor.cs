using System.Collections.Concurrent;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>Carries out a decision: deletes, drains, returns to work and creates instances. Each action fails alone.</summary>
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
    /// <returns>What failed.</returns>
    public async Task<ExecutionFailures> ExecuteAsync(
        GroupSpec group, IReadOnlyList<Instance> instances, Decision decision, CancellationToken cancellationToken)
    {
        var deletions = await ForEachAsync(
            decision.Delete, removal => DeleteAsync(removal, instances, cancellationToken), _ => false, cancellationToken);
        foreach (var instance in decision.Undrain)
        {
            await api.TryAsync((client, stop) => client.DrainNodeAsync(instance.Name, drain: false, stop), cancellationToken);
        }
        foreach (var instance in decision.Drain)
        {
            await api.TryAsync((client, stop) => client.DrainNodeAsync(instance.Name, drain: true, stop), cancellationToken);
        }
        var remaining = deletions.Select(failure => failure.Item).ToArray();
        var creations = await ForEachAsync(FreeNames(group, instances, decision, remaining),
            name => provider.CreateAsync(group, name, cancellationToken), IsCommonCause, cancellationToken);
        return new ExecutionFailures(deletions, [.. creations.Select(failure => failure.Error)]);
    }

    private async Task DeleteAsync(Removal removal, IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        var observed = removal.Instance;
        var instance = instances.First(one => one.Id == observed.Id);
        if (removal.Refusals == 0)
        {
            Removing(log, observed.Name, removal.Reason);
            if (observed.State is not InstanceState.Left && await FindTailAsync(instance, cancellationToken) is { } tail)
            {
                LastOutput(log, observed.Name, tail);
            }
        }
        await provider.DeleteAsync(instance, cancellationToken);
        await api.TryAsync((client, stop) => client.ForgetNodeAsync(observed.Name, stop), cancellationToken);
    }

    private async Task<string?> FindTailAsync(Instance instance, CancellationToken cancellationToken)
    {
        try
        {
            return await provider.GetConsoleTailAsync(instance, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return null;    // an instance whose log cannot be read is deleted all the same
        }
    }

    // An instance that could not be deleted keeps its name, and holds its place for now: the next decision counts it.
    private static string[] FreeNames(
        GroupSpec group, IReadOnlyList<Instance> instances, Decision decision, IReadOnlyList<Removal> remaining)
    {
        var count = Math.Max(0, decision.Create - remaining.Count(removal => removal.Refusals == 0));
        var deleted = decision.Delete.Except(remaining).Select(removal => removal.Instance.Id).ToHashSet();
        var taken = instances.Where(instance => !deleted.Contains(instance.Id)).Select(instance => instance.Name).ToHashSet();
        return
        [
            .. Enumerable.Range(1, taken.Count + count).Select(ordinal => InstanceName.Of(group.Name, ordinal))
                .Where(taken.Add).Take(count),
        ];
    }

    // A used-up quota or an outage fails the others too; a conflict over one port does not.
    private static bool IsCommonCause(Exception error) =>
        error is not ProviderException { Kind: ProviderErrorKind.Conflict or ProviderErrorKind.NotFound };

    // After a common cause no further operation starts; those in flight finish, because the cloud may already have acted on them.
    private static async Task<IReadOnlyList<(T Item, Exception Error)>> ForEachAsync<T>(
        IEnumerable<T> items, Func<T, Task> operation, Func<Exception, bool> endsAll, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Parallelism);
        var failures = new ConcurrentQueue<(T, Exception)>();
        var hasEnded = false;
        await Task.WhenAll(items.Select(async item =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                if (!Volatile.Read(ref hasEnded))
                {
                    await operation(item);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                failures.Enqueue((item, e));
                Volatile.Write(ref hasEnded, Volatile.Read(ref hasEnded) || endsAll(e));
            }
            finally
            {
                slots.Release();
            }
        }).ToArray());
        return [.. failures];
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "Removing {Name}: it {Reason}")]
    private static partial void Removing(ILogger log, string name, string reason);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "Last output of {Name}:\n{Tail}")]
    private static partial void LastOutput(ILogger log, string name, string tail);
}
