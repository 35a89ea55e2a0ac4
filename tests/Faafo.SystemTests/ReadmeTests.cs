using System.Text.RegularExpressions;
using Faafo.SystemTests.Processes;
using Faafo.SystemTests.Servers;
using Faafo.Tests;
using Xunit;

namespace Faafo.SystemTests;

/// <summary>
/// Every command of README.rst is run here as it stands there, from the root of the tree; only where things listen and keep their
/// data is moved aside by the environment, and the addresses of the servers are those of the test's servers.
/// </summary>
public sealed class ReadmeTests(TestServers servers)
{
    private const string FirstCommand = "dotnet run --project Faafo.Scaler -- up --demo 20";

    private static readonly string Root = FindRoot();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_does_what_the_readme_says()
    {
        var commands = Commands();
        // This very run is "tests/run"; a test of it would never end.
        Assert.Equal([FirstCommand, "tests/run"], commands.Take(2));
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"readme-{Guid.NewGuid():N}")).FullName;
        var environment = Aside(folder);

        // "dotnet run" is the SDK's own; the build that it begins with is this test's build.
        await using var up = ChildProcess.Start("bash", ["-c", $"exec {FirstCommand.Replace("run ", "run --no-build ", StringComparison.Ordinal)}"],
            environment, Root);
        await Eventually.TrueAsync("twenty fractals are rendered", _ =>
            Task.FromResult(up.HasExited ? throw new InvalidOperationException($"{up}") : up.Output.Contains("20 of 20 fractals rendered", StringComparison.Ordinal)),
            TimeSpan.FromMinutes(3));

        var onServers = commands.FindIndex(c => c.Contains("FAAFO_TRANSPORT_URL", StringComparison.Ordinal)) - 1;
        var output = await RunAsync(commands[2..onServers], environment, folder);
        Assert.Contains("3 accepted, 0 refused", output, StringComparison.Ordinal);
        Assert.Contains("| 6304f695-62e1-48ff-8199-ea1fb201b061 | 513 x 922 pixels     | 137        |", output, StringComparison.Ordinal);
        Assert.Contains("| generated_by | app-worker-", output, StringComparison.Ordinal);
        Assert.Contains("worker: 2 of 2 ready", output, StringComparison.Ordinal);
        Assert.Equal(0x89, (await File.ReadAllBytesAsync(Path.Combine(folder, "julia.png"), Token))[0]);
        Assert.Equal(100, Regex.Count(await File.ReadAllTextAsync(Path.Combine(folder, "load.log"), Token), "5 accepted, 0 refused"));
        Assert.Equal(0, await up.StopAsync(Token));

        var vhost = await servers.NewVhostAsync();
        var database = await servers.NewDatabaseAsync(Token);
        var served = commands[onServers..].Select(c => c
            .Replace("amqp://guest:guest@127.0.0.1:5672/", vhost.Url.AbsoluteUri, StringComparison.Ordinal)
            .Replace("postgresql://faafo:secret@127.0.0.1/faafo", database.Url, StringComparison.Ordinal)
            .Replace("faafo-api &", "faafo-api & while ! faafo queue > /dev/null 2>&1; do :; done", StringComparison.Ordinal));
        output = await RunAsync(["export PATH=$PWD/artifacts/bin/Faafo.Cli/debug:$PATH", .. served, "kill %1 %2", "wait"], Aside(folder), folder);
        Assert.Contains("2 accepted, 0 refused", output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 finished, 0 failed", output, StringComparison.Ordinal);
    }

    // The lines behind "$ " in the console blocks.
    private static List<string> Commands() =>
        [.. File.ReadLines(Path.Combine(Root, "README.rst")).Where(l => l.StartsWith("    $ ", StringComparison.Ordinal)).Select(l => l[6..])];

    private static Dictionary<string, string> Aside(string folder)
    {
        var port = FreePort.Next();
        return new()
        {
            ["FAAFO_STATE_DIR"] = Path.Combine(folder, "state"),
            ["FAAFO_PORT"] = $"{port}",
            ["FAAFO_URLS"] = $"http://127.0.0.1:{port}",
            ["FAAFO_ENDPOINT_URL"] = $"http://127.0.0.1:{port}",
            ["HOME"] = folder,
        };
    }

    // One shell for all of them, which stops at the first that fails. The tree's root is where they are run; what they write goes aside.
    private static async Task<string> RunAsync(IEnumerable<string> commands, Dictionary<string, string> environment, string folder)
    {
        var script = "set -e -m\n" + string.Join('\n', commands.Select(c => c
            .Replace("$PWD", Root, StringComparison.Ordinal)
            .Replace("Faafo.Cli/install", $"{Root}/Faafo.Cli/install", StringComparison.Ordinal)));
        await using var shell = ChildProcess.Start("bash", ["-c", script], environment, folder);
        var exitCode = await shell.WaitAsync(Token);
        Assert.True(exitCode == 0, $"{shell}");
        return shell.Output;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Faafo.sln")))
        {
            folder = folder.Parent!;
        }
        return folder.FullName;
    }
}
