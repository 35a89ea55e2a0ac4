using Faafo.Nodes;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

public sealed class RollingReplacementTests : IDisposable
{
    private readonly SkippingTime _time = new();
    private readonly StubApi _api = new();
    private readonly List<string> _lines = [];
    private readonly FakeInstanceProvider _cloud;
    private readonly RollingReplacement _roll;

    public RollingReplacementTests()
    {
        _cloud = new FakeInstanceProvider(_time);
        for (var number = 1; number <= 3; number++)
        {
            _cloud.Instances.Add(new Instance($"id-{number}", $"app-worker-{number}", FlockSpec.Worker, _time.GetUtcNow(), true));
            _cloud.Drifted.Add($"id-{number}");
        }
        _api.Nodes.Add(new Node("scaler", NodeState.Ready, false, _time.GetUtcNow(), new NodeReport { Role = "scaler", Note = "hold" }));
        _roll = new RollingReplacement(new FlockAccess(_cloud, _api.Client, TimeSpan.FromSeconds(30)), _time, _lines.Add);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private GroupOverrides Overrides => _api.Orders.Single(one => one.Group == FlockSpec.Worker);

    [Fact]
    public async Task Roll_does_not_undo_a_pause_that_comes_meanwhile()
    {
        Replacing("id-1", "id-2", "id-3");
        _api.BeforeOverride = () =>
        {
            _api.BeforeOverride = null;
            _api.Orders.Add(new GroupOverrides(FlockSpec.Worker, Paused: true, Size: 4) { Version = 1 });
        };

        await _roll.RollAsync(FlockSpec.Worker, all: false, Ct);

        Assert.Equal((true, 4, null), (Overrides.Paused, Overrides.Size, Overrides.Replace));
        Assert.Equal("worker: 3 of 3 replaced", _lines[^1]);
    }

    [Fact]
    public async Task Roll_without_progress_names_what_is_replaced_and_what_is_still_marked()
    {
        Replacing("id-1");

        var error = await Assert.ThrowsAsync<FailureException>(() => _roll.RollAsync(FlockSpec.Worker, all: false, Ct));

        Assert.Equal("worker: 1 of 3 replaced; app-worker-2, app-worker-3 not replaced and still marked: the loop goes on with them "
            + "when it can. No progress within 30 s; the scaler's last decision: hold. "
            + "Run 'roll worker' again to continue, or 'roll worker --abort' to keep them", error.Message);
        Assert.Equal(["id-1", "id-2", "id-3"], Overrides.Replace);
    }

    [Fact]
    public async Task Roll_that_is_run_again_continues()
    {
        await Assert.ThrowsAsync<FailureException>(() => _roll.RollAsync(FlockSpec.Worker, all: true, Ct));
        _cloud.Instances.RemoveAt(0);
        _cloud.Instances.Add(new Instance("id-4", "app-worker-1", FlockSpec.Worker, _time.GetUtcNow(), true));
        Replacing("id-2", "id-3");

        await _roll.RollAsync(FlockSpec.Worker, all: true, Ct);

        Assert.Contains("worker: continuing an earlier roll; 1 left to replace", _lines);
        Assert.Equal("id-4", Assert.Single(_cloud.Instances).Id);
        Assert.Null(Overrides.Replace);
    }

    [Fact]
    public async Task Aborted_roll_leaves_no_marks_and_ends_the_command_that_waits_for_it()
    {
        Replacing("id-1");
        var rolling = Assert.ThrowsAsync<FailureException>(() => _roll.RollAsync(FlockSpec.Worker, all: false, Ct));
        Assert.Contains("No progress", (await rolling).Message, StringComparison.Ordinal);

        await _roll.AbortAsync(FlockSpec.Worker, Ct);
        Assert.Equal("worker: the roll has ended; not replaced: app-worker-2, app-worker-3", _lines[^1]);
        Assert.Null(Overrides.Replace);

        await _roll.AbortAsync(FlockSpec.Worker, Ct);
        Assert.Equal("worker: no instance is marked for replacement", _lines[^1]);

        var lists = 0;
        _cloud.OnList = () => _api.Orders[0] = ++lists == 4 ? Overrides with { Replace = null } : Overrides;
        var error = await Assert.ThrowsAsync<FailureException>(() => _roll.RollAsync(FlockSpec.Worker, all: false, Ct));
        Assert.EndsWith("another roll or 'roll worker --abort' has removed the marks of this one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instance_that_an_operator_holds_is_named_and_not_waited_for()
    {
        _cloud.Instances[1] = _cloud.Instances[1] with { IsRunning = false, Held = "SHUTOFF" };
        Replacing("id-1", "id-3");

        await _roll.RollAsync(FlockSpec.Worker, all: false, Ct);

        Assert.Equal(["worker: app-worker-2 is SHUTOFF and is left alone; roll again when it works, or delete it",
            "worker: 2 to replace, one at a time", "worker: 1 of 2 replaced", "worker: 2 of 2 replaced"], _lines);
    }

    [Fact]
    public async Task Paused_group_is_not_marked()
    {
        _api.Orders.Add(new GroupOverrides(FlockSpec.Worker, Paused: true, Size: null) { Version = 1 });

        var error = await Assert.ThrowsAsync<FailureException>(() => _roll.RollAsync(FlockSpec.Worker, all: false, Ct));

        Assert.Equal("worker is paused, and nothing was marked: run 'faafo-scaler resume worker' first", error.Message);
        Assert.Empty(_api.Changes);
    }

    public void Dispose() => _api.Dispose();

    // The loop replaces one of these instances between two looks, as long as they are marked.
    private void Replacing(params string[] ids)
    {
        var left = new Queue<string>(ids);
        _cloud.OnList = () =>
        {
            if (_api.Orders is [{ Replace: { } marked }] && left.TryPeek(out var next) && marked.Contains(next))
            {
                left.Dequeue();
                _cloud.Instances.RemoveAll(instance => instance.Id == next);
                _cloud.Drifted.Remove(next);
            }
        };
    }
}
