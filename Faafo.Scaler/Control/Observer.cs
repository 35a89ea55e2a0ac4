using Faafo.Nodes;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>
/// Combines what the provider knows of a group's instances with what the API knows of their nodes into the policy's input. Pure: the same
/// readings give the same observation.
/// </summary>
internal static class Observer
{
    private static readonly TimeSpan ApiDrainTime = TimeSpan.FromSeconds(15);

    /// <summary>Observes a group.</summary>
    /// <param name="flock">The flock.</param>
    /// <param name="group">The group.</param>
    /// <param name="instances">The group's instances.</param>
    /// <param name="readings">What the API has returned in this round.</param>
    /// <param name="memory">What the policy remembers of the group.</param>
    /// <param name="now">The time of the round, since the loop began.</param>
    public static Observation Observe(
        FlockSpec flock, GroupSpec group, IEnumerable<Instance> instances, ApiReadings readings, PolicyState memory, TimeSpan now)
    {
        var overrides = readings.Overrides?.FirstOrDefault(one => one.Group == group.Name);
        var hasOrdinals = !flock.IsLocal && FlockSpec.HasStableIdentity(group.Name);
        var observed = instances.Select(instance => Observe(instance, readings, memory, now) with
        {
            Drifted = overrides?.Replace?.Contains(instance.Id) ?? false,
            Ordinal = hasOrdinals ? InstanceName.OrdinalOf(instance.Name) : null,
        });
        var observation = new Observation
        {
            Now = now,
            Instances = [.. observed],
            Paused = overrides?.Paused ?? false,
            // APIs are created all the same: without one the overrides can never be read.
            MayBePaused = readings.Overrides is null && group.Name == FlockSpec.Worker,
            FixedSize = overrides?.Size,
        };
        if (group.Name != FlockSpec.Worker)
        {
            return observation with { SharesLoad = true, Tasks = readings.Nodes is null ? null : 0 };
        }
        var queue = readings.Queue;
        return observation with
        {
            Tasks = queue?.Ready + queue?.InFlight + queue?.Unpublished,
            WorkWaiting = queue?.WorkWaiting,
            WorkPerSecond = queue?.WorkPerSecond,
        };
    }

    private static InstanceObservation Observe(Instance instance, ApiReadings readings, PolicyState memory, TimeSpan now)
    {
        // A heartbeat from before the instance was created is that of an earlier instance of the same name.
        var node = readings.Nodes?.FirstOrDefault(one => one.Name == instance.Name && one.LastSeen > instance.CreatedAt);
        var ended = node?.State == NodeState.Left ? InstanceState.Left : InstanceState.Dead;
        var state = instance.IsRunning ? StateOf(instance, node, readings, memory, now) : ended;
        // What an operator stopped or is changing has not died, and one that leaves meanwhile was not drained by the scaler.
        if (instance.Held is not null && state != InstanceState.Ready)
        {
            state = InstanceState.Unavailable;
        }
        var load = node?.Report is { LoadAverage: { } average, Cpus: > 0 and var cpus } ? average.One / cpus : (double?)null;
        return new InstanceObservation(
            instance.Id, instance.Name, state, node?.Report.Busy, load, instance.CreatedAt, node?.LastSeen, Held: instance.Held);
    }

    private static InstanceState StateOf(
        Instance instance, Node? node, ApiReadings readings, PolicyState memory, TimeSpan now) => node switch
        {
            // One that was not asked to drain was stopped from outside, and may start again.
            { State: NodeState.Left } => node.Drain || memory.Drained.Contains(instance.Id) ? InstanceState.Left : InstanceState.Silent,
            { State: NodeState.Stale } => InstanceState.Silent,
            { State: NodeState.Draining } or { Drain: true } =>
                HasDrained(instance, memory, now) ? InstanceState.Left : InstanceState.Draining,
            { State: NodeState.Ready } => InstanceState.Ready,
            _ when readings.Nodes is null => StateWithoutNodes(instance, readings, memory),
            // The API forgets what has been silent for long: that must not make a lost instance one that never joined.
            _ => memory.Joined.Contains(instance.Id) ? InstanceState.Silent : InstanceState.Booting,
        };

    // A worker reports when it has drained. APIs do not: the balancer stops routing to them within seconds and requests are short, so a
    // fixed time is enough.
    private static bool HasDrained(Instance instance, PolicyState memory, TimeSpan now) => instance.Group != FlockSpec.Worker
        && memory.Observed.TryGetValue(instance.Id, out var last)
        && last.State == InstanceState.Draining && now - last.Since > ApiDrainTime;

    // Without the node list a worker that runs counts as ready. The APIs and the balancer may be the cause of the failure: one that was
    // ready before counts as silent, one that never was counts as booting. A balancer that forwards errors is working.
    private static InstanceState StateWithoutNodes(Instance instance, ApiReadings readings, PolicyState memory)
    {
        if (instance.Group == FlockSpec.Worker)
        {
            return InstanceState.Ready;
        }
        var wasReady = memory.Observed.TryGetValue(instance.Id, out var last)
            && last.State is InstanceState.Ready or InstanceState.Silent;
        if (!wasReady)
        {
            return InstanceState.Booting;
        }
        var forwardsErrors = instance.Group == FlockSpec.LoadBalancer && readings.FailedStatus is > 0;
        return forwardsErrors ? InstanceState.Ready : InstanceState.Silent;
    }
}
