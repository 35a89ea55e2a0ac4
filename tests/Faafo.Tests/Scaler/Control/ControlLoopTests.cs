using Faafo.Nodes;
using Faafo.Queueing;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

public sealed class ControlLoopTests : IDisposable
{
    private readonly WaitingTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly StubApi _api = new();
    private readonly FakeInstanceProvider _cloud;
    private readonly RecordingLogger<ControlLoop> _log = new();
    private readonly ControlLoop _loop;

    public ControlLoopTests()
    {
        _cloud = new FakeInstanceProvider(_time);
        _loop = new ControlLoop(new FlockSpecMonitor(null, new RecordingLogger<FlockSpecMonitor>()), _cloud, _api.Client, _time, _log);
    }

    [Fact]
    public async Task A_deep_queue_gets_workers_and_the_reason_is_logged_and_reported()
    {
        _api.Queue = new QueueReport { Ready = 14, InFlight = 0, Unpublished = 2 };

        await TickAsync();

        Assert.Equal(["app-api-1", "app-worker-1", "app-worker-2", "app-worker-3", "app-worker-4"], _cloud.Instances.Select(i => i.Name));
        Assert.Contains("worker: wanted 4: 16 tasks / 4 per worker; 0 ready, 0 booting; +4", _log.All);
        Assert.Equal("scaler", _api.Scaler?.Role);
        Assert.Equal("wanted 4: 16 tasks / 4 per worker; 0 ready, 0 booting; +4", _api.Scaler?.Note);
    }

    [Fact]
    public async Task An_empty_queue_drains_all_above_min_and_removes_drained_instances()
    {
        await BusyFlockAsync(3);
        await TickAsync(6);

        Assert.Equal(["POST v1/nodes/app-worker-3/drain", "POST v1/nodes/app-worker-2/drain"], _api.Changes);

        Beat("app-worker-2", NodeState.Draining, drain: true);
        Beat("app-worker-3", NodeState.Left);
        _cloud.End("app-worker-3");
        await TickAsync();

        Assert.Equal(["id-4"], _cloud.Deleted);
        Assert.Contains("DELETE v1/nodes/app-worker-3", _api.Changes);
    }

    [Fact]
    public async Task A_node_without_an_instance_is_removed_whoever_deleted_the_instance()
    {
        await BusyFlockAsync(2);
        (string, NodeState)[] nodes =
        [
            ("app-worker-2", NodeState.Ready), ("app-worker-3", NodeState.Stale), ("app-worker-4", NodeState.Left),
            ("my-laptop", NodeState.Stale), ("app-worker-x", NodeState.Stale),
        ];
        foreach (var (name, state) in nodes)
        {
            Beat(name, state);
        }
        _cloud.Instances.RemoveAll(instance => instance.Name == "app-worker-2");
        _api.Orders.Add(new GroupOverrides(FlockSpec.Worker, Paused: true, Size: null));

        await TickAsync();
        Assert.Equal(["DELETE v1/nodes/app-worker-3", "DELETE v1/nodes/app-worker-4"], _api.Changes);

        _cloud.IsUnavailable = true;
        Beat("app-worker-2", NodeState.Stale);
        await TickAsync();
        Assert.Equal(2, _api.Changes.Count);

        _cloud.IsUnavailable = false;
        await TickAsync();
        Assert.Contains("DELETE v1/nodes/app-worker-2", _api.Changes);
    }

    [Fact]
    public async Task A_round_without_changes_lists_the_instances_once()
    {
        await BusyFlockAsync(2);
        var before = _cloud.Lists;

        await TickAsync();
        Assert.Equal(1, _cloud.Lists - before);

        _api.Queue = new QueueReport { Ready = 12, InFlight = 0, Unpublished = 0 };
        await TickAsync();
        Assert.Equal(4, _cloud.Instances.Count);
        Assert.Equal(3, _cloud.Lists - before);
    }

    [Fact]
    public async Task New_tasks_cancel_drains_and_no_instance_is_created_meanwhile()
    {
        await BusyFlockAsync(3);
        await TickAsync(6);
        Beat("app-worker-2", NodeState.Draining, drain: true);
        Beat("app-worker-3", NodeState.Draining, drain: true);
        _api.Queue = _api.Queue with { Ready = 12 };

        await TickAsync();
        Assert.Equal(["DELETE v1/nodes/app-worker-2/drain", "DELETE v1/nodes/app-worker-3/drain"], _api.Changes.TakeLast(2).Order());

        // Until its next heartbeat a node is listed as it was.
        Beat("app-worker-2", NodeState.Draining);
        Beat("app-worker-3", NodeState.Draining);
        await TickAsync();
        Assert.Equal(4, _cloud.Instances.Count);
    }

    [Fact]
    public async Task An_outage_of_the_API_changes_nothing_and_stops_nothing()
    {
        await BusyFlockAsync(3);
        _api.Down = true;
        for (var second = 0; second < 20; second++)
        {
            await TickAsync();
        }
        Assert.Equal(4, _cloud.Instances.Count);
        Assert.Single(_log.All, line => line.StartsWith("API unreachable; holding or growing only: ", StringComparison.Ordinal));

        // The first list shows heartbeats from before the outage: the silent are not replaced.
        _api.Down = false;
        for (var i = 0; i < _api.Nodes.Count; i++)
        {
            _api.Nodes[i] = _api.Nodes[i] with { State = NodeState.Stale };
        }
        await TickAsync();
        Assert.Equal(4, _cloud.Instances.Count);
        Assert.Empty(_cloud.Deleted);
    }

    [Fact]
    public async Task A_dead_API_is_replaced()
    {
        await BusyFlockAsync(1);
        _api.Down = true;
        _cloud.End("app-api-1");

        await TickAsync();

        Assert.Equal(["id-1"], _cloud.Deleted);
        Assert.True(_cloud.Instances.Single(i => i.Group == FlockSpec.Api).IsRunning);
    }

    [Fact]
    public async Task An_API_that_runs_without_responding_is_replaced_and_never_doubled()
    {
        await BusyFlockAsync(1);
        _api.Down = true;
        for (var second = 0; second < 121; second++)
        {
            await TickAsync();
            Assert.Equal("id-1", _cloud.Instances.Single(i => i.Group == FlockSpec.Api).Id);
        }
        await TickAsync();

        Assert.Equal(["id-1"], _cloud.Deleted);
        Assert.Single(_cloud.Instances, i => i.Group == FlockSpec.Api);
    }

    [Fact]
    public async Task Overrides_are_applied()
    {
        await BusyFlockAsync(1);
        _api.Orders.Add(new GroupOverrides(FlockSpec.Worker, Paused: true, Size: 3));
        await TickAsync();
        Assert.Equal(2, _cloud.Instances.Count);

        _api.Orders[0] = _api.Orders[0] with { Paused = false };
        await TickAsync();
        Assert.Equal(4, _cloud.Instances.Count);
    }

    [Fact]
    public async Task A_heartbeat_of_an_earlier_instance_of_the_name_does_not_count()
    {
        Beat("app-worker-1", NodeState.Ready);

        await TickAsync();
        await TickAsync();

        Assert.Contains("0 ready, 1 booting", _api.Scaler?.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_provider_is_retried_later()
    {
        _cloud.RejectsCreation = true;
        for (var second = 0; second < 10; second++)
        {
            await TickAsync();
        }
        // Two groups, with delays.
        Assert.InRange(_log.All.Count(line => line == "Provider failed: the quota is used up (Quota)"), 4, 10);

        _cloud.RejectsCreation = false;
        await TickAsync(20);
        Assert.Equal(2, _cloud.Instances.Count);
    }

    [Fact]
    public async Task An_exhausted_quota_is_retried_with_growing_delays()
    {
        _cloud.Quota = 3;
        _api.Orders.Add(new GroupOverrides(FlockSpec.Worker, Paused: false, Size: 4));
        for (var second = 0; second < 100; second++)
        {
            await TickAsync();
        }

        Assert.Equal(["app-api-1", "app-worker-1", "app-worker-2"], _cloud.Instances.Select(i => i.Name));
        // At 0, 1, 3, 7, 15, 31 and 63 s.
        Assert.Equal(7, _log.All.Count(line => line == "Provider failed: the quota is used up (Quota)"));
    }

    [Fact]
    public async Task A_node_that_does_not_join_in_time_is_replaced_and_its_last_output_is_logged()
    {
        await TickAsync();
        Beat("app-api-1", NodeState.Ready);
        await TickAsync();
        await TickAsync(121);

        Assert.Equal(["id-2"], _cloud.Deleted);
        Assert.Contains("Removing app-worker-1: it did not come up within 120 s", _log.All);
        Assert.Contains("Last output of app-worker-1:\nlast words of app-worker-1", _log.All);
        Assert.Equal("id-3", Assert.Single(_cloud.Instances, i => i.Group == FlockSpec.Worker).Id);
    }

    [Fact]
    public async Task A_failed_listing_does_not_end_the_loop()
    {
        await BusyFlockAsync(1);
        _cloud.IsUnavailable = true;
        await TickAsync();
        Assert.Equal(2, _loop.Latest.Instances.Count);

        _cloud.IsUnavailable = false;
        _cloud.End("app-worker-1");
        await TickAsync();
        Assert.Equal(["id-2"], _cloud.Deleted);
    }

    [Fact]
    public async Task A_drained_API_is_removed_after_a_fixed_time()
    {
        await BusyFlockAsync(1);
        Beat("app-api-1", NodeState.Ready, drain: true);
        await TickAsync();
        await TickAsync(15);
        Assert.Empty(_cloud.Deleted);

        await TickAsync();
        Assert.Equal(["id-1"], _cloud.Deleted);
    }

    [Fact]
    public async Task The_loop_decides_at_every_interval_until_it_is_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = _loop.RunAsync(stop.Token);
        // The next round, and the next heartbeat.
        await Eventually.TrueAsync("the first round", _ => Task.FromResult(_time.Waiting == 2));
        Assert.Equal(2, _cloud.Instances.Count);

        _cloud.End("app-worker-1");
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("the second round", _ => Task.FromResult(_time.Waiting == 2 && _cloud.Deleted.Count == 1));

        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(NotSupportedException))]
    public async Task Any_failure_is_logged_and_the_loop_continues(Type kind)
    {
        var fault = (Exception)Activator.CreateInstance(kind, "odd")!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        (_cloud.Fault, _api.Fault) = (fault, fault);
        var running = _loop.RunAsync(stop.Token);
        await RoundAsync("the first round", 2);
        Assert.Contains($"Provider failed: {fault.Message}", _log.All);
        Assert.Single(_log.All, line => line.StartsWith("API unreachable; holding or growing only: ", StringComparison.Ordinal));

        (_cloud.Fault, _api.Fault) = (null, null);
        _time.Advance(TimeSpan.FromSeconds(1));
        await RoundAsync("the second round", 2);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("instances", _ => Task.FromResult(_cloud.Instances.Count == 2 || running.IsCompleted));
        Assert.False(running.IsCompleted);

        await stop.CancelAsync();
        await running;

        Task RoundAsync(string which, int timers) =>
            Eventually.TrueAsync(which, _ => Task.FromResult(_time.Waiting == timers || running.IsCompleted));
    }

    public void Dispose() => _api.Dispose();

    // Starts a flock with this many idle workers, ready and observed once.
    private async Task BusyFlockAsync(int workers)
    {
        _api.Queue = new QueueReport { Ready = 4 * workers, InFlight = 0, Unpublished = 0 };
        await TickAsync();
        foreach (var instance in _cloud.Instances)
        {
            Beat(instance.Name, NodeState.Ready);
        }
        await TickAsync();
        _api.Queue = _api.Queue with { Ready = 0 };
    }

    private async Task TickAsync(int seconds = 1)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await _loop.TickAsync(TestContext.Current.CancellationToken);
    }

    private void Beat(string name, NodeState state, bool drain = false, double load = 0)
    {
        _api.Nodes.RemoveAll(n => n.Name == name);
        _api.Nodes.Add(new Node(name, state, drain, _time.GetUtcNow().AddMilliseconds(500),
            new NodeReport { Role = FlockSpec.Worker, Slots = 1, Cpus = 2, LoadAverage = new LoadAverage(load, load, load) }));
    }
}
