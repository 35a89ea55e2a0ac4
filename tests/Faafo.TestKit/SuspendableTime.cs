namespace Faafo.TestKit;

/// <summary>
/// The clock of one of several simulated processes that share a time. A process can be suspended, as by SIGSTOP: its timers fire when it
/// continues, while its monotonic clock goes on. Its wall clock can be set.
/// </summary>
public sealed class SuspendableTime(TimeProvider world) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Action> _held = [];
    private TaskCompletionSource? _suspension;
    private long _timers;

    /// <summary>How far the wall clock was set.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>The timers so far.</summary>
    public long Timers => Volatile.Read(ref _timers);

    /// <summary>Whether the process is suspended.</summary>
    public bool IsSuspended
    {
        get
        {
            lock (_lock)
            {
                return _suspension is not null;
            }
        }
    }

    public override long TimestampFrequency => world.TimestampFrequency;

    public override long GetTimestamp() => world.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + Offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        return world.CreateTimer(_ => Run(() => callback(state)), null, dueTime, period);
    }

    /// <summary>Stops the process.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            _suspension ??= new TaskCompletionSource();
        }
    }

    /// <summary>Continues the process.</summary>
    /// <param name="timersFirst">Whether timers that are due fire before responses are read.</param>
    public void Resume(bool timersFirst)
    {
        Action[] held;
        TaskCompletionSource? suspension;
        lock (_lock)
        {
            (held, suspension) = ([.. _held], _suspension);
            _held.Clear();
            _suspension = null;
        }
        if (!timersFirst)
        {
            suspension?.SetResult();
        }
        foreach (var timer in held)
        {
            timer();
        }
        if (timersFirst)
        {
            suspension?.SetResult();
        }
    }

    /// <summary>Waits until the process runs; what it receives is received then.</summary>
    public async Task WhenRunningAsync()
    {
        while (true)
        {
            Task suspension;
            lock (_lock)
            {
                if (_suspension is null)
                {
                    return;
                }
                suspension = _suspension.Task;
            }
            await suspension;
        }
    }

    private void Run(Action timer)
    {
        lock (_lock)
        {
            if (_suspension is not null)
            {
                _held.Add(timer);
                return;
            }
        }
        timer();
    }
}
