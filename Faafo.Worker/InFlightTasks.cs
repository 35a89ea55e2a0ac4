using System.Collections.Concurrent;

namespace Faafo.Worker;

/// <summary>What this worker does at the moment: the fractals that it holds, and whether it is to leave.</summary>
internal sealed class InFlightTasks : IDisposable
{
    private readonly ConcurrentDictionary<Guid, Task> _held = new();
    private readonly Lock _lock = new();
    private CancellationTokenSource _taking = new();
    private bool _leaving;

    /// <summary>Tasks held, from taking to acknowledging.</summary>
    public int Busy => _held.Count;

    /// <summary>Their fractals.</summary>
    public IReadOnlyList<Guid> Fractals => [.. _held.Keys];

    /// <summary>Whether the worker has been told to finish and leave.</summary>
    public bool IsDraining => _taking.IsCancellationRequested;

    /// <summary>Set while the worker is to take nothing new.</summary>
    public CancellationToken Drained
    {
        get
        {
            lock (_lock)
            {
                return _taking.Token;
            }
        }
    }

    /// <summary>Follows the API's word on draining; it may be taken back as long as the worker has not left.</summary>
    public void Order(bool drain)
    {
        lock (_lock)
        {
            if (drain)
            {
                _taking.Cancel();
            }
            else if (_taking.IsCancellationRequested && !_leaving)
            {
                _taking = new CancellationTokenSource();
            }
        }
    }

    /// <summary>The process was told to stop: a drain that nobody can take back.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _leaving = true;
            _taking.Cancel();
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _taking.Dispose();

    /// <summary>
    /// Runs <paramref name="work"/> as the only holder of a fractal. A message that comes again while the first one is still worked
    /// on, after a lost connection for instance, waits for the first to end.
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
