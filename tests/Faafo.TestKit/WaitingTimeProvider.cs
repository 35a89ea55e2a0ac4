using Microsoft.Extensions.Time.Testing;

namespace Faafo.TestKit;

/// <summary>A clock that a test advances and that knows how many timers are armed, so that a test can wait until the code waits.</summary>
public sealed class WaitingTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _lock = new();
    private readonly HashSet<CountedTimer> _armed = [];

    /// <summary>Armed timers.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Inner = base.CreateTimer(_ => timer.Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Count(CountedTimer timer, bool armed)
    {
        lock (_lock)
        {
            if (armed)
            {
                _armed.Add(timer);
            }
            else
            {
                _armed.Remove(timer);
            }
        }
    }

    private sealed class CountedTimer(WaitingTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _periodic;

        public ITimer Inner { get; set; } = null!;

        public void Ring()
        {
            if (!_periodic)
            {
                time.Count(this, armed: false);
            }
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _periodic = period > TimeSpan.Zero;
            time.Count(this, armed: dueTime >= TimeSpan.Zero);
            return Inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            time.Count(this, armed: false);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
