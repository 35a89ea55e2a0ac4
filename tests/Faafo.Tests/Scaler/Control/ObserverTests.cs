using Faafo.Nodes;
using Faafo.Queueing;
using Faafo.Scaler.Control;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

public sealed class ObserverTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Running = TimeSpan.FromDays(1);      // the time since the loop began
    private static readonly FlockSpec Local = new();
    private static readonly FlockSpec OnCloud = FlockSpec.Of("mars");

    private readonly List<Node> _nodes = [];

    [Theory]
    [InlineData(NodeState.Ready, false, nameof(InstanceState.Ready))]
    [InlineData(NodeState.Ready, true, nameof(InstanceState.Draining))]
    [InlineData(NodeState.Draining, false, nameof(InstanceState.Draining))]
    [InlineData(NodeState.Stale, false, nameof(InstanceState.Silent))]
    [InlineData(NodeState.Left, true, nameof(InstanceState.Left))]
    [InlineData(NodeState.Left, false, nameof(InstanceState.Silent))]      // its service was stopped, and may start again
    public void Running_instance_has_the_state_of_its_node(NodeState node, bool drain, string expected)
    {
        AddNode("app-worker-1", node, drain);

        Assert.Equal(expected, StateOf(Worker(1)).ToString());
    }

    [Fact]
    public void Instance_without_a_heartbeat_boots() => Assert.Equal(InstanceState.Booting, StateOf(Worker(1)));

    [Fact]
    public void Heartbeat_from_before_the_creation_is_that_of_an_earlier_instance()
    {
        AddNode("app-worker-1", NodeState.Ready);

        Assert.Equal(InstanceState.Booting, StateOf(Worker(1) with { CreatedAt = Now.AddSeconds(1) }));
    }

    [Fact]
    public void Stopped_instance_is_dead_unless_it_has_drained()
    {
        AddNode("app-worker-1", NodeState.Ready);
        AddNode("app-worker-2", NodeState.Left);

        Assert.Equal(InstanceState.Dead, StateOf(Worker(1) with { IsRunning = false }));
        Assert.Equal(InstanceState.Left, StateOf(Worker(2) with { IsRunning = false }));
    }

    [Theory]
    [InlineData(false, null, nameof(InstanceState.Unavailable))]
    [InlineData(false, NodeState.Ready, nameof(InstanceState.Unavailable))]
    [InlineData(false, NodeState.Left, nameof(InstanceState.Unavailable))]     // the stop of a server ends its worker in order
    [InlineData(true, NodeState.Left, nameof(InstanceState.Unavailable))]
    [InlineData(true, NodeState.Stale, nameof(InstanceState.Unavailable))]
    [InlineData(true, NodeState.Draining, nameof(InstanceState.Unavailable))]
    [InlineData(true, NodeState.Ready, nameof(InstanceState.Ready))]           // a live migration does not interrupt the work
    public void Instance_that_an_operator_holds_is_unavailable_unless_it_works(bool mayWork, NodeState? node, string expected)
    {
        if (node is { } state)
        {
            AddNode("app-worker-1", state);
        }

        Assert.Equal(expected, StateOf(Worker(1) with { IsRunning = mayWork, Held = "SHUTOFF" }).ToString());
    }

    [Theory]
    [InlineData(FlockSpec.Api, 15, nameof(InstanceState.Draining))]
    [InlineData(FlockSpec.Api, 16, nameof(InstanceState.Left))]
    [InlineData(FlockSpec.Worker, 3600, nameof(InstanceState.Draining))]
    public void Only_an_api_has_drained_after_a_fixed_time(string group, int seconds, string expected)
    {
        var instance = new Instance("id-1", $"app-{group}-1", group, Now.AddHours(-2), IsRunning: true);
        AddNode(instance.Name, NodeState.Draining);

        Assert.Equal(expected, StateOf(instance, Remember("id-1", InstanceState.Draining, seconds)).ToString());
    }

    [Theory]
    [InlineData(FlockSpec.Worker, null, 0, nameof(InstanceState.Ready))]
    [InlineData(FlockSpec.Api, null, 0, nameof(InstanceState.Booting))]
    [InlineData(FlockSpec.Api, nameof(InstanceState.Ready), 0, nameof(InstanceState.Silent))]
    [InlineData(FlockSpec.LoadBalancer, nameof(InstanceState.Ready), 0, nameof(InstanceState.Silent))]
    [InlineData(FlockSpec.LoadBalancer, nameof(InstanceState.Ready), 503, nameof(InstanceState.Ready))]
    public void Without_the_node_list_the_last_state_decides(string group, string? last, int status, string expected)
    {
        var instance = new Instance("id-1", "any", group, Now.AddHours(-1), IsRunning: true);
        var memory = last is null ? new PolicyState() : Remember("id-1", Enum.Parse<InstanceState>(last), 1);
        var readings = new ApiReadings(null, null, [], status);

        var observation = Observer.Observe(Local, new GroupSpec(group, 1, new PolicyOptions()), [instance], readings, memory, Running);

        Assert.Equal(expected, Assert.Single(observation.Instances).State.ToString());
        Assert.Null(observation.Tasks);
    }

    [Fact]
    public void Workers_are_sized_by_the_queue_and_apis_by_their_load()
    {
        var queue = new QueueReport { Ready = 3, InFlight = 2, Unpublished = 1, WorkWaiting = 9, WorkPerSecond = 4 };

        var workers = Observe(Local.Workers, [], queue);
        var apis = Observe(Local.Apis, [], queue);

        Assert.Equal((6L, 9L, 4.0), (workers.Tasks!.Value, workers.WorkWaiting!.Value, workers.WorkPerSecond!.Value));
        Assert.False(workers.SharesLoad);
        Assert.Equal((0L, null, true), (apis.Tasks!.Value, apis.WorkWaiting, apis.SharesLoad));
    }

    [Fact]
    public void Overrides_of_the_group_are_part_of_the_observation()
    {
        GroupOverrides[] overrides =
        [
            new(FlockSpec.Api, Paused: false, Size: 4),
            new(FlockSpec.Worker, Paused: true, Size: 2) { Replace = ["id-2"] },
        ];
        var readings = new ApiReadings(_nodes, null, overrides);

        var observation = Observer.Observe(Local, Local.Workers, [Worker(1), Worker(2)], readings, new PolicyState(), Running);

        Assert.Equal((true, 2), (observation.Paused, observation.FixedSize));
        Assert.Equal([false, true], observation.Instances.Select(instance => instance.Drifted));
    }

    [Fact]
    public void Only_groups_with_stable_identities_on_a_cloud_have_ordinals()
    {
        var api = new Instance("id-1", "app-api-3", FlockSpec.Api, Now, IsRunning: true);
        var readings = new ApiReadings(_nodes, null, []);

        int? OrdinalOf(FlockSpec flock, GroupSpec group, Instance instance) =>
            Assert.Single(Observer.Observe(flock, group, [instance], readings, new PolicyState(), Running).Instances).Ordinal;

        Assert.Equal(3, OrdinalOf(OnCloud, OnCloud.Apis, api));
        Assert.Null(OrdinalOf(Local, Local.Apis, api));
        Assert.Null(OrdinalOf(OnCloud, OnCloud.Workers, Worker(1)));
    }

    private static Instance Worker(int number) =>
        new($"id-{number}", $"app-worker-{number}", FlockSpec.Worker, Now.AddHours(-1), IsRunning: true);

    private static PolicyState Remember(string id, InstanceState state, int seconds)
    {
        var memory = new PolicyState();
        return memory with { Observed = memory.Observed.Add(id, (state, Running - TimeSpan.FromSeconds(seconds))) };
    }

    private InstanceState StateOf(Instance instance, PolicyState? memory = null)
    {
        var group = new GroupSpec(instance.Group, 1, new PolicyOptions());
        var readings = new ApiReadings(_nodes, null, []);
        var observation = Observer.Observe(Local, group, [instance], readings, memory ?? new PolicyState(), Running);
        return Assert.Single(observation.Instances).State;
    }

    private Observation Observe(GroupSpec group, IEnumerable<Instance> instances, QueueReport queue) =>
        Observer.Observe(Local, group, instances, new ApiReadings(_nodes, queue, []), new PolicyState(), Running);

    private void AddNode(string name, NodeState state, bool drain = false) =>
        _nodes.Add(new Node(name, state, drain, Now, new NodeReport { Role = "any" }));
}
