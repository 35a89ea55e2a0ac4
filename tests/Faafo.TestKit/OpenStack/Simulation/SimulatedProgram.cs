namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// A program in a simulated world: its clock and its wires to the cloud and to the API. It can be killed at any of its calls, as by
/// SIGKILL: from then on no request of it arrives, no response reaches it and none of its timers fires, so that none of its code runs
/// again.
/// </summary>
/// <param name="world">The world.</param>
public sealed class SimulatedProgram(SimulatedWorld world) : TimeProvider
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private volatile bool _isKilled;

    /// <summary>The number of the call at which the program is killed, from 1; 0 for never.</summary>
    public int KilledAt { get; init; }

    /// <summary>Whether the call at which it is killed still arrives, and only its response is lost.</summary>
    public bool KilledAfter { get; init; }

    /// <summary>What its calls meet; null for fine weather.</summary>
    public SimulatedWeather? Weather { get; init; }

    /// <summary>The calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether it was killed.</summary>
    public bool IsKilled => _isKilled;

    /// <summary>Ends when it is killed.</summary>
    public Task Killed => _killed.Task;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => world.Clock.Now;

    public override long GetTimestamp() => world.Clock.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(world.Clock, this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Kills the program now.</summary>
    public void Kill()
    {
        _isKilled = true;
        world.Clock.Touch();
        _killed.TrySetResult();
    }

    /// <summary>A handler that sends its requests to a service of the world.</summary>
    /// <param name="service">The service.</param>
    /// <param name="limit">How long a client waits that does not measure by the simulated clock; null for one that does.</param>
    public HttpMessageHandler Wire(Func<SimulatedRequest, SimulatedResponse> service, TimeSpan? limit = null) =>
        new SimulatedWire(this, service, limit);

    /// <summary>Makes a call to a service or to the disk; null when the program is killed before its end.</summary>
    internal T? Call<T>(Func<T> act)
        where T : class
    {
        world.Clock.Touch();
        lock (world.State)
        {
            if (_isKilled)
            {
                return null;
            }
            var isLast = Interlocked.Increment(ref _calls) == KilledAt;
            if (isLast && !KilledAfter)
            {
                Kill();
                return null;
            }
            var result = act();
            if (isLast)
            {
                Kill();
                return null;
            }
            return result;
        }
    }
}
