using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Faafo.Fractals;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Scaler;

/// <summary><c>up</c> of a local flock: the demo, signals, adoption, and errors of the command line.</summary>
public sealed class UpTests : IAsyncDisposable
{
    private readonly ScalerProgram _scaler = new();

    [Fact]
    public async Task Demo_is_rendered_by_added_workers_and_kept_across_restarts()
    {
        var (code, output) = await DemoAsync(16);
        Assert.True(code == 0, output);
        Assert.EndsWith("\n16 of 16 fractals rendered\n", output, StringComparison.Ordinal);
        Assert.Contains("worker: wanted 4: 16 tasks / 4 per worker; 0 ready, 0 booting; +4", _scaler.Log, StringComparison.Ordinal);
        Assert.Empty(_scaler.Processes);

        (code, output) = await DemoAsync(1);
        Assert.True(code == 0, output);
        var up = await _scaler.UpAsync();
        var kept = 0;
        await foreach (var fractal in _scaler.Api.ListAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(FractalStatus.Done, fractal.Status);
            using var image = new MemoryStream();
            Assert.True(await _scaler.Api.CopyImageAsync(fractal.Uuid, image, TestContext.Current.CancellationToken));
            Assert.Equal(fractal.Size, image.Length);
            kept++;
        }
        Assert.Equal(17, kept);
        Assert.Equal(0, await up.StopAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Flock_shrinks_to_min_when_the_queue_is_empty()
    {
        var up = _scaler.Start("up", "--demo", "16", "--port", _scaler.Port.ToString(CultureInfo.InvariantCulture));
        await Eventually.TrueAsync("three workers have exited", _ => Task.FromResult(CountOf(": it has left") == 3),
            TimeSpan.FromSeconds(90));
        await _scaler.WorkersAsync(1, up);

        Assert.DoesNotContain("died", _scaler.Log, StringComparison.Ordinal);
        Assert.Contains("16 of 16 fractals rendered", up.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_drains_and_stops_every_process(string signal)
    {
        var up = await _scaler.UpAsync();
        var processes = _scaler.Processes.Values.ToArray();
        Assert.Equal(2, processes.Length);

        ScalerProgram.Signal(up.Id, signal);

        Assert.Equal(0, await up.WaitAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(processes, ScalerProgram.IsAlive);
        Assert.Contains("drained, shutting down", await LogAsync("app-worker-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_sent_to_every_process_still_drains()
    {
        var up = await _scaler.UpAsync();
        var worker = _scaler.Processes["app-worker-1"];

        // A terminal sends it to every foreground process.
        ScalerProgram.Signal(worker, "INT");
        ScalerProgram.Signal(_scaler.Processes["app-api-1"], "INT");
        Assert.Equal(2, _scaler.Processes.Count);
        ScalerProgram.Signal(up.Id, "INT");

        Assert.Equal(0, await up.WaitAsync(TestContext.Current.CancellationToken));
        Assert.False(ScalerProgram.IsAlive(worker));
        Assert.DoesNotContain("died", _scaler.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_Ctrl_C_stops_at_once()
    {
        var up = await _scaler.UpAsync();
        var processes = _scaler.Processes.Values.ToArray();
        // A stopped worker does not drain, so the scaler would wait for it.
        ScalerProgram.Signal(_scaler.Processes["app-worker-1"], "STOP");

        ScalerProgram.Signal(up.Id, "INT");
        await Eventually.TrueAsync("the first Ctrl-C", _ =>
            Task.FromResult(_scaler.Log.Contains("Stopping app-worker-1", StringComparison.Ordinal)));
        ScalerProgram.Signal(up.Id, "INT");

        await Eventually.TrueAsync("the end", _ => Task.FromResult(up.HasExited), TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync("no process", _ => Task.FromResult(!processes.Any(ScalerProgram.IsAlive)), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Instances_of_a_killed_scaler_are_adopted_by_the_next()
    {
        var first = await _scaler.UpAsync();
        var before = _scaler.Processes;
        ScalerProgram.Signal(first.Id, "KILL");
        await first.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, _scaler.Processes);

        var (code, other) = await _scaler.RunAsync("up", "--port", FreePort.Next().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(1, code);
        Assert.Contains($"listens on http://127.0.0.1:{_scaler.Port}/ already", other, StringComparison.Ordinal);
        Assert.Equal(before, _scaler.Processes);

        var second = _scaler.Start("up");      // without --port: the API keeps its port
        await Eventually.TrueAsync("adoption", _ =>
            Task.FromResult(second.Output.Contains("Adopting app-worker-1", StringComparison.Ordinal)));
        await _scaler.WorkersAsync(1, second);
        Assert.Equal(before, _scaler.Processes);
        Assert.Equal(0, await second.StopAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_scaler.Processes);
    }

    [Fact]
    public async Task Killed_programs_and_no_others_are_replaced()
    {
        var up = await _scaler.UpAsync();
        var before = _scaler.Processes;
        ScalerProgram.Signal(before["app-worker-1"], "KILL");
        await Eventually.TrueAsync("another worker", _ => Task.FromResult(
            _scaler.Processes.TryGetValue("app-worker-1", out var pid) && pid != before["app-worker-1"]));
        await _scaler.WorkersAsync(1, up);

        ScalerProgram.Signal(before["app-api-1"], "KILL");
        await Eventually.TrueAsync("another API", _ => Task.FromResult(
            _scaler.Processes.TryGetValue("app-api-1", out var pid) && pid != before["app-api-1"]));
        await _scaler.WorkersAsync(1, up);

        Assert.Equal(["app-api-1", "app-worker-1"], _scaler.Processes.Keys.Order());
        Assert.Equal(1, CountOf("Removing app-worker-1"));
    }

    [Fact]
    public async Task Port_in_use_is_reported()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _scaler.Port);
        taken.Start();

        var (code, output) = await _scaler.RunAsync("up", "--port", _scaler.Port.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(1, code);
        Assert.Equal($"port {_scaler.Port} cannot be used (Address already in use): choose another --port\n", output);
    }

    [Fact]
    public async Task Unwritable_state_directory_is_reported()
    {
        Directory.CreateDirectory(_scaler.StateDir);
        var file = Path.Combine(_scaler.StateDir, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        await using var up = ChildProcess.Start(ScalerProgram.Executable, ["up", "--state-dir", Path.Combine(file, "state")]);

        Assert.Equal(1, await up.WaitAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith($"the state directory {file}/state cannot be written: ", up.Output, StringComparison.Ordinal);
        Assert.Single(up.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Second_flock_on_the_same_state_is_rejected()
    {
        var up = await _scaler.UpAsync();

        var (code, output) = await _scaler.RunAsync("up");

        Assert.Equal(1, code);
        Assert.Equal(
            $"a scaler (process {up.Id} on {Environment.MachineName}) runs the flock in {_scaler.StateDir} already: "
                + "stop it, or choose another --state-dir\n", output);
        Assert.Equal(2, _scaler.Processes.Count);
    }

    [Theory]
    [InlineData("--exit-when-done needs --demo", "up", "--exit-when-done")]
    [InlineData("no clouds.yaml found in ", "up", "--cloud", "mars")]
    [InlineData("--demo must be a whole number from 1 to 100000 (got '0')", "up", "--demo", "0")]
    [InlineData("SIZE must be auto or a whole number from 0 to 10000 (got 'many')", "scale", "worker", "many")]
    [InlineData("no-such-file.yaml", "up", "--flock", "no-such-file.yaml")]
    public async Task Invalid_command_line_exits_with_code_2(string message, params string[] arguments)
    {
        var (code, output) = await _scaler.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _scaler.DisposeAsync();

    private Task<(int ExitCode, string Output)> DemoAsync(int count) => _scaler.RunAsync("up", "--exit-when-done",
        "--port", _scaler.Port.ToString(CultureInfo.InvariantCulture), "--demo", count.ToString(CultureInfo.InvariantCulture));

    private Task<string> LogAsync(string name) =>
        File.ReadAllTextAsync(Path.Combine(_scaler.StateDir, "logs", name + ".log"), TestContext.Current.CancellationToken);

    private int CountOf(string text) => _scaler.Log.Split(text).Length - 1;
}
