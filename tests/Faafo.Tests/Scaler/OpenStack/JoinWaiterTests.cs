using System.Collections.Concurrent;
using Faafo.Nodes;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

public sealed class JoinWaiterTests : IDisposable
{
    private readonly SkippingTime _time = new();
    private readonly StubApi _api = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly FakeInstanceProvider _cloud;
    private readonly ControlLoop _loop;

    public JoinWaiterTests()
    {
        _cloud = new FakeInstanceProvider(_time);
        var flocks = new FlockSpecMonitor(null, new RecordingLogger<FlockSpecMonitor>());
        _loop = new ControlLoop(flocks, _cloud, _api.Client, _time, new RecordingLogger<ControlLoop>());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_that_does_not_join_is_reported_once_and_waited_for()
    {
        await _loop.TickAsync(Ct);
        Beat("app-api-1");
        await _loop.TickAsync(Ct);

        var waiting = Waiter(new FlockSpec()).WaitAsync(new TaskCompletionSource().Task, givesUp: false, Ct);
        await Eventually.TrueAsync("the report", _ => Task.FromResult(_lines.Count > 1));
        Assert.False(waiting.IsCompleted);

        foreach (var worker in _cloud.Instances.Where(one => one.Group == FlockSpec.Worker))
        {
            Beat(worker.Name);
        }
        await _loop.TickAsync(Ct);

        Assert.True(await waiting);
        Assert.Single(_lines, line => line
            == "worker did not join within 6 minutes: see 'When a node fails to join' in docs/runbook.rst");
    }

    [Fact]
    public async Task Waiter_that_gives_up_returns_what_it_has_reported()
    {
        await _loop.TickAsync(Ct);

        Assert.False(await Waiter(new FlockSpec()).WaitAsync(new TaskCompletionSource().Task, givesUp: true, Ct));

        Assert.Equal(["api and worker did not join within 6 minutes: see 'When a node fails to join' in docs/runbook.rst"], _lines);
    }

    [Theory]
    [InlineData("SHUTOFF", "SHUTOFF")]
    [InlineData(null, "last words of app-services")]
    public async Task Services_that_do_not_run_are_reported_and_do_not_end_the_scaling(string? held, string reason)
    {
        _cloud.Instances.Add(new Instance("id-0", "app-services", FlockSpec.Services, _time.GetUtcNow(), IsRunning: false, held));
        await _loop.TickAsync(Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var waiting = Waiter(FlockSpec.Of("mars")).WaitAsync(new TaskCompletionSource().Task, givesUp: false, stop.Token);
        await Eventually.TrueAsync("the report", _ => Task.FromResult(!_lines.IsEmpty));
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.StartsWith($"app-services does not run ({reason}) and holds the data, so it is not replaced: ", Assert.Single(_lines),
            StringComparison.Ordinal);
        Assert.False(await Waiter(FlockSpec.Of("mars")).WaitAsync(new TaskCompletionSource().Task, givesUp: true, Ct));
    }

    public void Dispose() => _api.Dispose();

    private JoinWaiter Waiter(FlockSpec flock) => new(flock, _cloud, _loop, _lines.Enqueue, _time);

    private void Beat(string name)
    {
        _api.Nodes.RemoveAll(node => node.Name == name);
        _api.Nodes.Add(new Node(name, NodeState.Ready, false, _time.GetUtcNow().AddSeconds(1), new NodeReport { Role = "any" }));
    }
}
