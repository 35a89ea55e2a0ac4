using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

// What comes of a decision: instances go, drain or stay, and come.
internal sealed partial class ControlLoop
{
    /// <summary>Instances that are made or removed at a time: clouds take their time for each.</summary>
    private const int AtOnce = 4;

    private async Task ActAsync(GroupSpec group, IReadOnlyList<Instance> instances, Decision decision, CancellationToken cancellationToken)
    {
        await EachAsync(decision.Delete, async removed =>
        {
            var (worker, reason) = removed;
            var instance = instances.First(i => i.Id == worker.Id);
            Removing(log, worker.Name, reason);
            if (worker.State is not InstanceState.Left && await cloud.GetConsoleTailAsync(instance, cancellationToken) is { } tail)
            {
                Console(log, worker.Name, tail);
            }
            await cloud.DeleteAsync(instance, cancellationToken);
            await TryAsync(stop => api.ForgetNodeAsync(worker.Name, stop), cancellationToken);
        }, cancellationToken);
        foreach (var worker in decision.Undrain)
        {
            await TryAsync(stop => api.DrainNodeAsync(worker.Name, drain: false, stop), cancellationToken);
        }
        foreach (var worker in decision.Drain)
        {
            await TryAsync(stop => api.DrainNodeAsync(worker.Name, drain: true, stop), cancellationToken);
        }
        var gone = decision.Delete.Select(one => one.Worker.Id).ToHashSet();
        var taken = instances.Where(i => !gone.Contains(i.Id)).Select(i => i.Name).ToHashSet();
        var names = Enumerable.Range(1, taken.Count + decision.Create).Select(n => ResourceNames.Node(group.Name, n)).Where(taken.Add).Take(decision.Create).ToArray();
        await EachAsync(names, name => cloud.CreateAsync(group, name, cancellationToken), cancellationToken);
    }

    // A refusal cuts off none that is under way, since its request may have been heard already; but nothing more is begun after it.
    private static async Task EachAsync<T>(IEnumerable<T> all, Func<T, Task> act, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(AtOnce);
        var refused = false;
        await Task.WhenAll(all.Select(async one =>
        {
            await room.WaitAsync(cancellationToken);
            try
            {
                if (!Volatile.Read(ref refused))
                {
                    await act(one);
                }
            }
            catch
            {
                Volatile.Write(ref refused, true);
                throw;
            }
            finally
            {
                room.Release();
            }
        }).ToArray());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removing {Name}: it {Reason}")]
    private static partial void Removing(ILogger log, string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of {Name}'s console:\n{Tail}")]
    private static partial void Console(ILogger log, string name, string tail);
}
