using Faafo.Nodes;
using Faafo.Queueing;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

// What the policy is told of a group: the cloud's word on its instances and the API's on their nodes, put together.
internal sealed partial class ControlLoop
{
    private static readonly TimeSpan ApiDrainTime = TimeSpan.FromSeconds(15);

    private Observation Observe(GroupSpec group, IReadOnlyList<Instance> instances, IReadOnlyList<Node>? nodes, QueueReport? queue)
    {
        var orders = _orders.FirstOrDefault(o => o.Group == group.Name);
        var worker = group.Name == FlockSpec.Worker;
        return new Observation
        {
            Now = time.GetUtcNow(),
            Tasks = worker ? queue?.Ready + queue?.InFlight + queue?.Unpublished : nodes is null ? null : 0,
            WorkWaiting = worker ? queue?.WorkWaiting : null,
            WorkPerSecond = worker ? queue?.WorkPerSecond : null,
            SharesLoad = !worker,
            Instances = [.. instances.Select(instance => See(instance, nodes) with
            {
                Drifted = orders?.Replace?.Contains(instance.Id) ?? false,
                Ordinal = !flocks.Current.IsLocal && FlockSpec.HasStableIdentity(group.Name) ? ResourceNames.NumberOf(instance.Name) : null,
            })],
            Paused = orders?.Paused ?? false,
            FixedSize = orders?.Size,
        };
    }

    private InstanceObservation See(Instance instance, IReadOnlyList<Node>? nodes)
    {
        // A heartbeat from before the instance was created is an earlier one's of the same name.
        var node = nodes?.FirstOrDefault(n => n.Name == instance.Name && n.LastSeen > instance.CreatedAt);
        var state = (instance.IsRunning, node?.State, node?.Drain) switch
        {
            (_, NodeState.Left, _) => InstanceState.Left,
            (false, _, _) => InstanceState.Dead,
            (true, NodeState.Stale, _) => InstanceState.Silent,
            (true, NodeState.Draining, _) or (true, _, true) => HasDrained(instance) ? InstanceState.Left : InstanceState.Draining,
            (true, NodeState.Ready, _) => InstanceState.Ready,
            _ => nodes is null ? Unheard(instance) : InstanceState.Booting,
        };
        var load = node?.Report is { LoadAverage: { } average, Cpus: > 0 and var cpus } ? average.One / cpus : (double?)null;
        return new InstanceObservation(instance.Id, instance.Name, state, node?.Report.Busy, load, instance.CreatedAt, node?.LastSeen);
    }

    // A worker says itself when it is done. Of the others a balancer takes its hands within seconds, and their answers are short.
    private bool HasDrained(Instance instance) => instance.Group != FlockSpec.Worker
        && Seen(instance) is { State: InstanceState.Draining } seen && time.GetUtcNow() - seen.Since > ApiDrainTime;

    // Without the API's list nobody can say more of a worker than that it runs. The silence may be the fault of those that should answer:
    // one that has answered and does so no longer is silent, one that never has is booting. A balancer that passes on errors does its work.
    private InstanceState Unheard(Instance instance) => instance.Group == FlockSpec.Worker ? InstanceState.Ready
        : Seen(instance)?.State is not (InstanceState.Ready or InstanceState.Silent) ? InstanceState.Booting
        : instance.Group == FlockSpec.LoadBalancer && _apiAway is > 0 ? InstanceState.Ready : InstanceState.Silent;

    private (InstanceState State, DateTimeOffset Since)? Seen(Instance instance) =>
        _memory.TryGetValue(instance.Group, out var memory) && memory.State.Seen.TryGetValue(instance.Id, out var seen) ? seen : null;
}
