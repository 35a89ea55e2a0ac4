namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>A timer of a simulated program; it ends with the program.</summary>
internal sealed class SimulatedTimer(SimulatedClock clock, SimulatedProgram program, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    public DateTimeOffset Due { get; set; }

    public long Sequence { get; set; }

    public void Fire()
    {
        if (program.IsKilled)
        {
            return;
        }
        if (_period > TimeSpan.Zero)
        {
            clock.Arm(this, _period);
        }
        callback(state);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        clock.Arm(this, dueTime);
        return true;
    }

    public void Dispose() => clock.Arm(this, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
