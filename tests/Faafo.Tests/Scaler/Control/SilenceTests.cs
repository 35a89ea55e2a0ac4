using Faafo.Nodes;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

/// <summary>Many silent instances are a fault of the network or the API, and are not replaced, however long it lasts.</summary>
public sealed class SilenceTests : IDisposable
{
    private readonly LoopRun _run = new();

    [Fact]
    public async Task Silent_instances_that_the_api_has_forgotten_are_not_taken_for_failed_boots()
    {
        await _run.StartAsync(4);
        SetState(NodeState.Stale);
        await _run.TickAsync(1800);
        Forget();

        for (var minute = 0; minute < 72; minute++)
        {
            await _run.TickAsync(60);
        }

        Assert.Empty(_run.Cloud.Deleted);
        Assert.Contains("0 ready, 0 booting, 4 silent", _run.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scaler_that_starts_during_the_silence_does_not_replace_them_either()
    {
        await _run.StartAsync(4);
        SetState(NodeState.Stale);
        _run.Restart();
        await _run.TickAsync();
        Forget();
        await _run.TickAsync(121);
        await _run.TickAsync(121);

        Assert.Empty(_run.Cloud.Deleted);
    }

    [Fact]
    public async Task One_silent_instance_that_the_api_has_forgotten_is_replaced()
    {
        await _run.StartAsync(4);
        _run.Beat("app-worker-2", NodeState.Stale);
        await _run.TickAsync();
        _run.Api.Nodes.RemoveAll(node => node.Name == "app-worker-2");
        await _run.TickAsync(121);

        Assert.Equal(["id-3"], _run.Cloud.Deleted);
        Assert.Contains("Removing app-worker-2: it has been silent for 121 s", _run.Log.All);
    }

    [Fact]
    public async Task Workers_whose_services_were_stopped_are_not_removed_at_once()
    {
        await _run.StartAsync(4);
        SetState(NodeState.Left);
        await _run.TickAsync();
        await _run.TickAsync(121);

        Assert.Empty(_run.Cloud.Deleted);
    }

    [Fact]
    public async Task Scaler_that_starts_during_an_outage_of_the_api_does_not_touch_a_group_that_may_be_paused()
    {
        await _run.StartAsync(2);
        _run.Api.Down = true;
        _run.Restart();
        _run.Cloud.End("app-worker-1");
        await _run.TicksAsync(5);
        Assert.Empty(_run.Cloud.Deleted);

        _run.Api.Down = false;
        await _run.TickAsync();
        Assert.Equal(["id-2"], _run.Cloud.Deleted);
    }

    public void Dispose() => _run.Dispose();

    private void SetState(NodeState state)
    {
        foreach (var worker in _run.Cloud.Instances.Where(one => one.Group == FlockSpec.Worker))
        {
            _run.Beat(worker.Name, state);
        }
    }

    private void Forget() => _run.Api.Nodes.RemoveAll(node => node.State == NodeState.Stale);
}
