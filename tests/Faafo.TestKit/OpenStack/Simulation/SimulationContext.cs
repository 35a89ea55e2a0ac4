using System.Collections.Concurrent;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>Runs the code of a simulated program on the thread of its driver.</summary>
internal sealed class SimulationContext(SimulatedClock clock) : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();

    public bool IsIdle => _posted.IsEmpty;

    public override void Post(SendOrPostCallback d, object? state)
    {
        clock.Touch();
        _posted.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs one callback; false when there is none.</summary>
    public bool RunOne()
    {
        if (!_posted.TryDequeue(out var next))
        {
            return false;
        }
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
        return true;
    }
}
