using System.Text.RegularExpressions;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests;

/// <summary>
/// Every command of README.rst is run here as it stands there, from the root of the tree, and must print what stands below it there;
/// only where things listen and keep their data is moved aside by the environment, and the addresses of the servers are those of the
/// test's servers.
/// </summary>
public sealed partial class ReadmeTests(TestServers servers)
{
    private const string FirstCommand = "dotnet run --project Faafo.Scaler -- up --demo 20";

    internal static readonly string Root = FindRoot();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_does_what_the_readme_says()
    {
        var steps = Steps();
        // This very run is "tests/run"; a test of it would never end.
        Assert.Equal([FirstCommand, "tests/run"], steps.Take(2).Select(step => step.Command));
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"readme-{Guid.NewGuid():N}")).FullName;
        var environment = Aside(folder);

        // "dotnet run" is the SDK's own; the build that it begins with is this test's build. tests/first-run has the whole of it.
        await using var up = ChildProcess.Start("bash", ["-c", $"exec {FirstCommand.Replace("run ", "run --no-build ", StringComparison.Ordinal)}"],
            environment, Root);
        await Eventually.TrueAsync("twenty fractals are rendered", _ =>
            Task.FromResult(up.HasExited ? throw new InvalidOperationException($"{up}") : up.Output.Contains("20 of 20 fractals rendered", StringComparison.Ordinal)),
            TimeSpan.FromMinutes(3));

        var onServers = steps.FindIndex(step => step.Command.Contains("FAAFO_TRANSPORT_URL", StringComparison.Ordinal)) - 1;
        await RunAsync(steps[2..onServers], environment, folder);
        Assert.Equal(0x89, (await File.ReadAllBytesAsync(Path.Combine(folder, "julia.png"), Token))[0]);
        Assert.Equal(100, Regex.Count(await File.ReadAllTextAsync(Path.Combine(folder, "load.log"), Token), "5 accepted, 0 refused"));
        Assert.Equal(0, await up.StopAsync(Token));

        var vhost = await servers.NewVhostAsync();
        var database = await servers.NewDatabaseAsync(Token);
        var served = steps[onServers..].Select(step => step with
        {
            Command = step.Command
                .Replace("amqp://guest:guest@127.0.0.1:5672/", vhost.Url.AbsoluteUri, StringComparison.Ordinal)
                .Replace("postgresql://faafo:secret@127.0.0.1/faafo", database.Url, StringComparison.Ordinal)
                .Replace("faafo-api &", "faafo-api > api.log 2>&1 & while ! faafo queue > /dev/null 2>&1; do :; done", StringComparison.Ordinal)
                .Replace("faafo-worker &", "faafo-worker > worker.log 2>&1 &", StringComparison.Ordinal),
        });
        var output = await RunAsync([new("export PATH=$PWD/artifacts/bin/Faafo.Cli/debug:$PATH", []), .. served, new("kill %1 %2", []), new("wait", [])],
            Aside(folder), folder);
        Assert.Contains("2 accepted, 0 refused", output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 finished, 0 failed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Faafo.Api", "faafo-api", "api")]
    [InlineData("Faafo.Worker", "faafo-worker", "worker")]
    [InlineData("Faafo.Scaler", "faafo-scaler", "scaler", "up", "down")]
    [InlineData("Faafo.Cli", "faafo", "faafo")]
    public async Task The_table_of_options_is_that_of_the_program(string project, string program, string name, params string[] commands)
    {
        HashSet<string> help = [];
        foreach (var command in commands.Prepend(""))
        {
            var text = await ChildProcess.RunAsync(Flock.TestFlock.PathOf(project, program), [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], Token);
            help.UnionWith(HelpOption().Matches(text).Select(option => option.Groups[1].Value));
        }
        help.Remove("--version");

        Assert.Equal(help.Order(), OptionsOf(name).Order());
    }

    // Rows of the table of options: the option, the programs that have it.
    private static IEnumerable<string> OptionsOf(string program)
    {
        var table = File.ReadLines(Path.Combine(Root, "README.rst")).SkipWhile(line => !line.StartsWith("Options", StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith("=========", StringComparison.Ordinal));
        var second = table.First().IndexOf(' ', StringComparison.Ordinal) + 1;
        var third = table.First().IndexOf(' ', second) + 1;
        foreach (var row in table.Skip(3).TakeWhile(line => !line.StartsWith('=')).Where(line => line.StartsWith("``--", StringComparison.Ordinal)))
        {
            var programs = row[second..third].Replace("`", "", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries);
            if (programs[0].StartsWith("all but ", StringComparison.Ordinal) ? !programs[0].EndsWith(" " + program, StringComparison.Ordinal) : programs.Any(one => one.Split(' ')[0] == program))
            {
                yield return row[..second].Trim().Trim('`');
            }
        }
    }

    private sealed record Step(string Command, IReadOnlyList<string> Output);

    // The lines behind "$ " in the console blocks, each with what stands below it there.
    private static List<Step> Steps()
    {
        var steps = new List<Step>();
        List<string>? output = null;
        foreach (var line in File.ReadLines(Path.Combine(Root, "README.rst")))
        {
            if (line.StartsWith("    $ ", StringComparison.Ordinal))
            {
                steps.Add(new Step(line[6..], output = []));
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                output?.Add(line[4..]);
            }
            else
            {
                output = null;
            }
        }
        return steps;
    }

    internal static Dictionary<string, string> Aside(string folder)
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
    private static async Task<string> RunAsync(IReadOnlyList<Step> steps, Dictionary<string, string> environment, string folder)
    {
        const string mark = "== step";
        var script = "set -e -m\nexec 2>&1\n" + string.Join('\n', steps.Select(step => $"echo '{mark}'\n" + step.Command
            .Replace("$PWD", Root, StringComparison.Ordinal)
            .Replace("Faafo.Cli/install", $"{Root}/Faafo.Cli/install", StringComparison.Ordinal)));
        await using var shell = ChildProcess.Start("bash", ["-c", script], environment, folder);
        var exitCode = await shell.WaitAsync(Token);
        Assert.True(exitCode == 0, $"{shell}");
        foreach (var (step, output) in steps.Zip(shell.Output.Split(mark + "\n")[1..]))
        {
            Assert.True(step.Output.Count == 0 || Pattern(step.Output).IsMatch(Masked(output)), $"$ {step.Command}\n{output}");
        }
        return shell.Output;
    }

    // A lone "..." stands for any lines.
    private static Regex Pattern(IEnumerable<string> lines) => new("^" + string.Concat(lines.Select(line =>
        line == "..." ? @"(?:.*\n)*?" : Regex.Escape(Masked(line)) + @"\n")) + "$", RegexOptions.CultureInvariant);

    // What differs from run to run: times, durations, and which of the workers it was.
    private static string Masked(string text) => Varying().Replace(text, "#");

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|\d+\.\d{6} seconds *|app-worker-\d+")]
    private static partial Regex Varying();

    [GeneratedRegex(@"^  (--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex HelpOption();

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
