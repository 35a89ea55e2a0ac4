using System.Globalization;
using Faafo.Scaler.Local;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Scaler;

/// <summary><c>up</c> on a terminal, which <c>script</c> of util-linux provides.</summary>
public sealed class LiveScreenTests : IAsyncDisposable
{
    private readonly ScalerProgram _scaler = new();

    [Fact]
    public async Task Terminal_shows_nodes_progress_and_the_drain_after_Ctrl_C()
    {
        await using var up = ChildProcess.Start("script", ["--quiet", "--return", "--flush", "--command",
            $"stty cols 120 rows 40; exec '{ScalerProgram.Executable}' up --demo 3 "
                + $"--state-dir '{_scaler.StateDir}' --port {_scaler.Port.ToString(CultureInfo.InvariantCulture)}",
            "/dev/null"], new Dictionary<string, string> { ["TERM"] = "xterm-256color" });

        await Eventually.TrueAsync("three of three, and the worker that drew them", _ => Task.FromResult(up.HasExited
            ? throw new InvalidOperationException($"{up}")
            : up.Output.Contains("[########################################] 3 of 3 fractals rendered", StringComparison.Ordinal)
            && up.Output.Contains("| app-worker-1 | worker |", StringComparison.Ordinal)), TimeSpan.FromSeconds(90));
        ScalerProgram.Signal(StateDirectoryLock.Holder(_scaler.StateDir)!.Id, "INT");

        Assert.Equal(0, await up.WaitAsync(TestContext.Current.CancellationToken));
        var screen = up.Output;
        Assert.Contains($"Starting the API on http://127.0.0.1:{_scaler.Port}/", screen, StringComparison.Ordinal);
        Assert.Contains($"The gallery is at http://127.0.0.1:{_scaler.Port}/; Ctrl-C drains", screen, StringComparison.Ordinal);
        Assert.Contains("| Node         | Role   | State", screen, StringComparison.Ordinal);
        Assert.Contains("| Load average", screen, StringComparison.Ordinal);
        Assert.Contains("0 of 3 fractals rendered", screen, StringComparison.Ordinal);
        // While it drains, the screen shows for which instances it waits.
        Assert.True(
            screen.LastIndexOf("Stopping app-worker-1", StringComparison.Ordinal) > screen.LastIndexOf("3 of 3", StringComparison.Ordinal),
            screen);
        Assert.Contains("Stopping app-api-1", screen, StringComparison.Ordinal);
        Assert.Empty(_scaler.Processes);
    }

    public ValueTask DisposeAsync() => _scaler.DisposeAsync();
}
