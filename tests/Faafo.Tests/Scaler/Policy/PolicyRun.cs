using Faafo.Scaler.Policy;

namespace Faafo.Tests.Scaler.Policy;

/// <summary>A policy on the time of a test, which supplies each observation.</summary>
internal sealed class PolicyRun(PolicyOptions options)
{
    /// <summary>The time of the first observation, since the loop began.</summary>
    public static readonly TimeSpan Begin = TimeSpan.Zero;

    /// <summary>When the flock was created.</summary>
    public static readonly DateTimeOffset Day = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public PolicyState State { get; private set; } = new();

    public TimeSpan Now { get; private set; } = Begin;

    public PolicyRun After(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public Decision Decide(long? tasks, params InstanceObservation[] workers) =>
        Decide(new Observation { Now = Now, Tasks = tasks, Instances = workers });

    public Decision Decide(Observation observation)
    {
        (var decision, State) = ScalingPolicy.Decide(State, observation with { Now = Now }, options);
        return decision;
    }

    /// <summary>A worker; the higher its number, the newer it is.</summary>
    public static InstanceObservation One(int number, InstanceState state = InstanceState.Ready, int? busy = 0, double? load = null) =>
        new($"id-{number}", $"app-worker-{number}", state, busy, load, Day.AddSeconds(number - 1000), null);

    /// <summary>Workers 1 to count, alike.</summary>
    public static InstanceObservation[] Many(int count, InstanceState state = InstanceState.Ready, int? busy = 0) =>
        [.. Enumerable.Range(1, count).Select(n => One(n, state, busy))];
}
