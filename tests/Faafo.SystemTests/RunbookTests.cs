using System.Text.RegularExpressions;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests;

/// <summary>Runs every command of docs/runbook.rst as written, on a flock of this host.</summary>
public sealed class RunbookTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_of_the_runbook_succeeds()
    {
        var commands = File.ReadLines(Path.Combine(ConsoleDocument.Root, "docs", "runbook.rst")).Select(line => line.TrimStart())
            .Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]).ToList();
        Assert.Equal("faafo-scaler up --lb &", commands[0]);
        Assert.Equal("faafo-scaler down", commands[^1]);
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"runbook-{Guid.NewGuid():N}")).FullName;
        var environment = ConsoleDocument.IsolatedEnvironment(folder);
        if (Environment.GetEnvironmentVariable(TestCloud.Variable) is { Length: > 0 } clouds)
        {
            environment["OS_CLIENT_CONFIG_FILE"] = clouds;
        }
        else
        {
            Assert.True(commands.Remove("faafo-scaler diagnose --cloud devcloud"));      // there is no cloud
        }
        await using var up = ChildProcess.Start(Scaler.ScalerProgram.Executable, ["up", "--lb"], environment, folder);
        var api = FaafoClient.Connect(new Uri(environment["FAAFO_ENDPOINT_URL"]));
        await Eventually.TrueAsync("two APIs and a worker", async token =>
        {
            Assert.False(up.HasExited, $"{up}");
            try
            {
                return (await api.GetNodesAsync(token)).Count(node =>
                    node is { State: Nodes.NodeState.Ready, Report.Role: "api" or "worker" }) == 3;
            }
            catch (FaafoApiException)
            {
                return false;
            }
        }, TimeSpan.FromMinutes(2));

        // plan exits with code 3 if it finds something to do, for instance after the last drain.
        var script =
            $"set -e\nexport PATH={ConsoleDocument.Root}/artifacts/bin/Faafo.Cli/debug:"
            + $"{ConsoleDocument.Root}/artifacts/bin/Faafo.Scaler/debug:$PATH\n"
            + string.Join('\n',
                commands[1..].Select(command => command.Replace(" plan", " plan || test $? = 3", StringComparison.Ordinal)));
        await using var shell = ChildProcess.Start("bash", ["-c", script], environment, folder);
        var exitCode = await shell.WaitAsync(Token);
        Assert.True(exitCode == 0, $"{shell}");
        var output = shell.Output;

        Assert.Contains("worker: 2 of 2 ready", output, StringComparison.Ordinal);
        Assert.Contains("api: 3 of 3 ready", output, StringComparison.Ordinal);
        Assert.Contains("6 of 6 finished, 0 failed", output, StringComparison.Ordinal);
        foreach (var group in (string[])["worker", "api"])
        {
            Assert.Contains($"{group}: nothing to roll\n", output, StringComparison.Ordinal);
            var total = Regex.Match(output, $"{group}: ([0-9]+) to replace, one at a time").Groups[1].Value;
            Assert.Contains($"{group}: {total} of {total} replaced", output, StringComparison.Ordinal);
        }
        Assert.Contains("app-worker-1 has left", output, StringComparison.Ordinal);
        Assert.Equal(0, await up.WaitAsync(Token));
    }
}
