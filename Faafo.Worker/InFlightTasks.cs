using System.Collections.Concurrent;

namespace Faafo.Worker;

/// <summary>The tasks that this worker holds, from receiving to acknowledging.</summary>
internal sealed class InFlightTasks
{
    private readonly ConcurrentDictionary<Guid, Task> _held = new();

    /// <summary>Number of tasks in flight.</summary>
    public int Count => _held.Count;

    /// <summary>Their fractals.</summary>
    public IReadOnlyList<Guid> Fractals => [.. _held.Keys];

    /// <summary>
    /// Runs <paramref name="work"/> as the only holder of a fractal. A message that is delivered again while the first delivery is still
    /// being handled, after a lost connection for instance, waits for the first one to finish.
    /// </summary>
    public async Task HoldAsync(Guid uuid, Func<Task> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!_held.TryAdd(uuid, done.Task))
        {
            if (_held.TryGetValue(uuid, out var other))
            {
                await other;
            }
        }
        try
        {
            await work();
        }
        finally
        {
            _held.TryRemove(uuid, out _);
            done.SetResult();
        }
    }
}
