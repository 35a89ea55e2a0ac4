using Faafo.Nodes;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

/// <summary>A provider that refuses a part of a decision, or is out of order.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly LoopRun _run = new();

    [Fact]
    public async Task One_instance_that_cannot_be_deleted_does_not_stop_its_group()
    {
        await _run.StartAsync(2);
        Lock("app-worker-2");
        _run.Wait(1000);

        await _run.TickAsync();
        Assert.Equal(["app-worker-1", "app-worker-2", "app-worker-3", "app-worker-4"], Workers());

        // It counts towards max, and its failure is none of a boot.
        await _run.TicksAsync(10);
        Assert.Equal(4, Workers().Count);
        Assert.Contains("1 ready, 2 booting, 1 cannot be deleted", _run.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_deletions_and_drains_go_on_beside_one_that_is_refused()
    {
        await _run.StartAsync(4);
        Lock("app-worker-1");
        _run.Cloud.End("app-worker-2");
        await _run.TickAsync(6);

        Assert.Equal(["id-3"], _run.Cloud.Deleted);
        Assert.Contains("POST v1/nodes/app-worker-4/drain", _run.Api.Changes);
    }

    [Fact]
    public async Task Deletion_that_is_refused_three_times_is_reported_once_and_tried_again_after_growing_pauses()
    {
        await _run.StartAsync(2);
        Lock("app-worker-2");
        var attempts = new List<int>();
        for (var second = 1; second <= 600; second++)
        {
            var before = _run.Cloud.Refused;
            await _run.TickAsync();
            attempts.AddRange(Enumerable.Repeat(second, _run.Cloud.Refused - before));
        }

        Assert.Equal([1, 2, 3, 63, 183, 423], attempts);
        Assert.Equal(2, _run.Log.All.Count(line => line == "Provider failed: app-worker-2 is locked (Conflict)"));
        Assert.Single(_run.Log.All, "app-worker-2 could not be deleted 3 times and is left alone; next attempt in 60 s, "
            + "then after longer pauses: app-worker-2 is locked");
        Assert.Single(_run.Log.All, "Removing app-worker-2: it died");
        Assert.Single(_run.Log.All, "Last output of app-worker-2:\nlast words of app-worker-2");
        Assert.Equal(["app-worker-2 could not be deleted 6 times and is left alone for now: app-worker-2 is locked"],
            _run.Api.Scaler?.Warnings);

        _run.Cloud.Locked.Clear();
        await _run.TickAsync(600);
        await _run.TickAsync();
        Assert.Equal(["id-3"], _run.Cloud.Deleted);
        Assert.Null(_run.Api.Scaler?.Warnings);
    }

    [Fact]
    public async Task Refusals_of_an_instance_that_has_recovered_are_forgotten()
    {
        await _run.StartAsync(4);
        _run.Cloud.Locked.Add("app-worker-2");
        _run.Beat("app-worker-2", NodeState.Stale);
        await _run.TickAsync();
        await _run.TickAsync(121);
        await _run.TicksAsync(3);
        Assert.NotNull(_run.Api.Scaler?.Warnings);

        _run.Beat("app-worker-2");
        await _run.TickAsync();

        Assert.Null(_run.Api.Scaler?.Warnings);
    }

    [Fact]
    public async Task Conflict_over_one_new_instance_does_not_stop_the_others()
    {
        await _run.StartAsync(1);
        _run.Cloud.CreationFault = name =>
            name == "app-worker-2" ? new ProviderException(ProviderErrorKind.Conflict, "its port is in use") : null;
        _run.Wait(16);

        await _run.TickAsync();

        Assert.Equal(["app-worker-1", "app-worker-3", "app-worker-4"], Workers());
    }

    [Fact]
    public async Task Outage_of_the_provider_is_no_failed_boot()
    {
        await _run.StartAsync(1);
        _run.Cloud.IsUnavailable = true;
        await _run.TicksAsync(12);
        _run.Cloud.IsUnavailable = false;
        _run.Cloud.CreationFault = _ => new ProviderException(ProviderErrorKind.Transient, "no answer");
        _run.Wait(1000);
        await _run.TicksAsync(12);
        Assert.Single(Workers());

        _run.Cloud.CreationFault = null;
        await _run.TickAsync();

        Assert.Equal(4, Workers().Count);
    }

    [Fact]
    public async Task Refused_creations_are_forgotten_with_time()
    {
        await _run.StartAsync(1);
        _run.Cloud.RejectsCreation = true;
        _run.Wait(1000);
        await _run.TicksAsync(200);
        Assert.Contains("the last 8 failed, next try in ", _run.Decision, StringComparison.Ordinal);

        // An hour without demand: the next refusal delays nothing for minutes.
        _run.Wait(0);
        await _run.TickAsync(3600);
        _run.Wait(1000);
        await _run.TickAsync();
        await _run.TickAsync();
        Assert.Contains("the last 2 failed, next try in 1 s", await NextDecisionAsync(), StringComparison.Ordinal);

        async Task<string> NextDecisionAsync()
        {
            await _run.TickAsync();
            return _run.Decision;
        }
    }

    public void Dispose() => _run.Dispose();

    private IReadOnlyList<string> Workers() =>
        [.. _run.Cloud.Instances.Where(one => one.Group == FlockSpec.Worker).Select(one => one.Name).Order(StringComparer.Ordinal)];

    private void Lock(string name)
    {
        _run.Cloud.End(name);
        _run.Cloud.Locked.Add(name);
    }
}
