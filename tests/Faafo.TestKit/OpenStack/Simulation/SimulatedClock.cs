namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>The clock of a simulated world: it stands still until <see cref="FireNext"/> moves it to the next timer.</summary>
public sealed class SimulatedClock
{
    private readonly Lock _lock = new();
    private readonly SortedSet<SimulatedTimer> _armed = new(Comparer<SimulatedTimer>.Create(
        (one, other) => (one.Due, one.Sequence).CompareTo((other.Due, other.Sequence))));
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _sequence;
    private long _activity;

    /// <summary>Counts everything that happens, so that a driver notices when nothing happens any more.</summary>
    public long Activity => Interlocked.Read(ref _activity);

    /// <summary>The time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <summary>Notes that something happened.</summary>
    public void Touch() => Interlocked.Increment(ref _activity);

    /// <summary>Lets time pass without any timer.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_lock)
        {
            _now += by;
        }
    }

    /// <summary>Moves to the next timer and fires it; false when none is armed.</summary>
    public bool FireNext()
    {
        SimulatedTimer? next;
        lock (_lock)
        {
            next = _armed.Min;
            if (next is null)
            {
                return false;
            }
            _armed.Remove(next);
            _now = next.Due > _now ? next.Due : _now;
        }
        Touch();
        next.Fire();
        return true;
    }

    internal void Arm(SimulatedTimer timer, TimeSpan due)
    {
        Touch();
        lock (_lock)
        {
            _armed.Remove(timer);
            if (due >= TimeSpan.Zero)
            {
                (timer.Due, timer.Sequence) = (_now + due, ++_sequence);
                _armed.Add(timer);
            }
        }
    }
}
