using Faafo.Nodes;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler;

/// <summary>The commands of faafo-scaler on a local flock.</summary>
public sealed class CommandTests : IAsyncDisposable
{
    private readonly ScalerProgram _scaler = new();

    [Fact]
    public async Task Plan_lists_what_up_would_do()
    {
        var (code, output) = await _scaler.RunAsync("plan");
        Assert.Equal(3, code);
        Assert.Contains("+ api: one more instance\n", output, StringComparison.Ordinal);
        Assert.Contains("+ worker: one more instance\n", output, StringComparison.Ordinal);

        await _scaler.UpAsync();
        (code, output) = await _scaler.RunAsync("plan");
        Assert.Equal(0, code);
        Assert.EndsWith("Nothing to do\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scale_overrides_the_size_until_auto()
    {
        var up = await _scaler.UpAsync();

        var (code, output) = await _scaler.RunAsync("scale", "worker", "3");
        Assert.True(code == 0, output);
        Assert.EndsWith("worker: 3 of 3 ready\n", output, StringComparison.Ordinal);
        (code, output) = await _scaler.RunAsync("status");
        Assert.True(code == 0, output);
        Assert.Contains("worker: not paused, size set to 3\n", output, StringComparison.Ordinal);
        Assert.Contains("app-worker-3", output, StringComparison.Ordinal);
        Assert.Contains("last decision: wanted 3: override 3; ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", output, StringComparison.Ordinal);      // the output is not a terminal

        Assert.Equal(0, (await _scaler.RunAsync("scale", "worker", "2")).ExitCode);
        await Eventually.TrueAsync("the end of the third", _ => Task.FromResult(
            _scaler.Processes.Keys.Order().SequenceEqual(["app-api-1", "app-worker-1", "app-worker-2"])));

        (code, output) = await _scaler.RunAsync("scale", "worker", "auto");
        Assert.True(code == 0, output);
        await _scaler.WorkersAsync(1, up);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("0")]
    public async Task Size_outside_min_and_max_is_rejected_and_sets_no_override(string size)
    {
        await _scaler.UpAsync();

        var (code, output) = await _scaler.RunAsync("scale", "worker", size);

        Assert.Equal((2, $"SIZE must be from 1 to 4, the min and max of worker in flock.yaml, not {size}: change them there first\n"),
            (code, output));
        Assert.Empty(await _scaler.Api.GetGroupsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Command_with_the_API_of_another_flock_is_rejected()
    {
        await using var other = new ScalerProgram();
        await _scaler.UpAsync();
        await other.UpAsync();
        var endpoint = $"http://127.0.0.1:{other.Port}";

        foreach (var command in (string[])["plan", "status", "nodes", "scale worker 2", "drain app-worker-1", "roll worker", "pause",
            "resume"])
        {
            Assert.Equal(
                (2, $"the API at {endpoint} is not that of the flock in {_scaler.StateDir}, "
                    + $"whose API is at http://127.0.0.1:{_scaler.Port}: "
                + "leave out --endpoint-url and FAAFO_ENDPOINT_URL, or name the flock of that API\n"),
                await _scaler.RunAsync([.. command.Split(' '), "--endpoint-url", endpoint]));
        }
        Assert.Empty(await other.Api.GetGroupsAsync(TestContext.Current.CancellationToken));
        // Another name for the same address is accepted.
        Assert.Equal(0, (await _scaler.RunAsync("nodes", "--endpoint-url", $"http://localhost:{_scaler.Port}")).ExitCode);

        await using var nothing = new ScalerProgram();
        var (code, output) = await nothing.RunAsync("plan", "--endpoint-url", endpoint);
        Assert.Equal(2, code);
        Assert.Contains($"is not that of the flock in {nothing.StateDir}, which has no running instances: ", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roll_replaces_only_drifted_instances()
    {
        Directory.CreateDirectory(_scaler.StateDir);
        var file = Path.Combine(_scaler.StateDir, "flock.yaml");
        await File.WriteAllTextAsync(file, "groups: {worker: {min: 1, max: 2, slots: 1}}", TestContext.Current.CancellationToken);
        await _scaler.UpAsync("--flock", file);
        Assert.Equal((0, "worker: nothing to roll\n"), await _scaler.RunAsync("roll", "worker", "--flock", file));

        await File.WriteAllTextAsync(file + ".new", "groups: {worker: {min: 1, max: 2, slots: 2}}", TestContext.Current.CancellationToken);
        File.Move(file + ".new", file, overwrite: true);
        var (code, output) = await _scaler.RunAsync("plan", "--flock", file);
        Assert.Equal(3, code);
        Assert.Contains("~ app-worker-1: changed (roll worker)\n", output, StringComparison.Ordinal);

        (code, output) = await _scaler.RunAsync("roll", "worker", "--flock", file);
        Assert.Equal((0, "worker: 1 to replace, one at a time\nworker: 1 of 1 replaced\n"), (code, output));
        // The old instance is removed; its node may stay in the list for a moment.
        var worker = (await _scaler.Api.GetNodesAsync(TestContext.Current.CancellationToken)).Single(node =>
            node is { Report.Role: "worker", State: not NodeState.Left });
        Assert.Equal(("app-worker-2", 2), (worker.Name, worker.Report.Slots));
        (code, output) = await _scaler.RunAsync("plan", "--flock", file);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Paused_group_keeps_its_size_until_resumed()
    {
        var up = await _scaler.UpAsync();
        Assert.Equal(0, (await _scaler.RunAsync("pause", "worker")).ExitCode);
        var scale = _scaler.Start("scale", "worker", "2");
        await Eventually.TrueAsync("the override", async stop => (await _scaler.Api.GetNodesAsync(stop))
            .Any(n => n.Name == "scaler" && n.Report.Note!.EndsWith("override 2; 1 ready, 0 booting; paused", StringComparison.Ordinal)));
        Assert.Equal(2, _scaler.Processes.Count);

        Assert.Equal(0, (await _scaler.RunAsync("resume")).ExitCode);
        Assert.Equal(0, await scale.WaitAsync(TestContext.Current.CancellationToken));
        await _scaler.WorkersAsync(2, up);
    }

    [Fact]
    public async Task Drain_waits_for_the_node_to_exit_and_min_is_kept()
    {
        var up = await _scaler.UpAsync();
        var before = _scaler.Processes["app-worker-1"];

        var (code, output) = await _scaler.RunAsync("drain", "app-worker-1");

        Assert.True(code == 0, output);
        Assert.EndsWith("app-worker-1 has left\n", output, StringComparison.Ordinal);
        await Eventually.TrueAsync("its end", _ => Task.FromResult(!ScalerProgram.IsAlive(before)));
        await _scaler.WorkersAsync(1, up);

        (code, output) = await _scaler.RunAsync("drain", "app-worker-9");
        Assert.Equal((1, "there is no node app-worker-9\n"), (code, output));
    }

    [Fact]
    public async Task Stopped_run_keeps_the_instances_and_down_stops_them()
    {
        var run = _scaler.Start("run", "--port", _scaler.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await _scaler.WorkersAsync(1, run);
        Assert.Equal(0, await run.StopAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, _scaler.Processes.Count);

        var (code, output) = await _scaler.RunAsync("down");

        Assert.True(code == 0, output);
        Assert.Contains("Stopping app-worker-1", output, StringComparison.Ordinal);
        Assert.Contains("the data stay in", output, StringComparison.Ordinal);
        Assert.Empty(_scaler.Processes);
        Assert.True(File.Exists(Path.Combine(_scaler.StateDir, "faafo.db")));
    }

    [Fact]
    public async Task Down_stops_a_running_scaler_first()
    {
        var up = await _scaler.UpAsync();

        var (code, output) = await _scaler.RunAsync("down");

        Assert.True(code == 0, output);
        Assert.Equal(0, await up.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_scaler.Processes);
    }

    [Fact]
    public async Task Unreachable_API_fails_with_one_line_and_exit_code_1()
    {
        var (code, output) = await _scaler.RunAsync("status", "--endpoint-url", $"http://127.0.0.1:{_scaler.Port}");

        Assert.Equal(1, code);
        Assert.Equal($"cannot reach the API at http://127.0.0.1:{_scaler.Port}: Connection refused\n", output);
    }

    public ValueTask DisposeAsync() => _scaler.DisposeAsync();
}
