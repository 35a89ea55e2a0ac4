using System.Text.RegularExpressions;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Scaler;
using Faafo.SystemTests.Servers;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests;

/// <summary>
/// Runs every command of docs/usage.rst as written, from the root of the tree, and compares the output with the one shown. Only the port,
/// the data folders, and the addresses of RabbitMQ and PostgreSQL differ.
/// </summary>
public sealed partial class UsageTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static List<ConsoleDocument.Step> Steps => ConsoleDocument.Read("docs", "usage.rst");

    // The section "On servers" begins with the first of two settings.
    private static int FirstOnServers =>
        Steps.FindIndex(step => step.Command.Contains("FAAFO_TRANSPORT_URL", StringComparison.Ordinal)) - 1;

    [Fact]
    public async Task Every_local_command_prints_what_the_document_shows()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"usage-{Guid.NewGuid():N}")).FullName;
        var environment = ConsoleDocument.IsolatedEnvironment(folder);
        await using var up = ChildProcess.Start(ScalerProgram.Executable, ["up"], environment, folder);
        await TestFlock.WaitUntilReadyAsync(up, FaafoClient.Connect(new Uri(environment["FAAFO_ENDPOINT_URL"])));

        await ConsoleDocument.RunAsync(Steps[..FirstOnServers], environment, folder, Token);

        Assert.Equal(100, Regex.Count(await File.ReadAllTextAsync(Path.Combine(folder, "load.log"), Token), "5 accepted, 0 refused"));
        Assert.Equal(0, await up.StopAsync(Token));
    }

    [Fact]
    public async Task Every_server_command_prints_what_the_document_shows()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"usage-{Guid.NewGuid():N}")).FullName;
        var vhost = await servers.NewVhostAsync();
        var database = await servers.NewDatabaseAsync(Token);
        var served = Steps[FirstOnServers..].Select(step => step with
        {
            Command = step.Command
                .Replace("amqp://guest:guest@127.0.0.1:5672/", vhost.Url.AbsoluteUri, StringComparison.Ordinal)
                .Replace("postgresql://faafo:secret@127.0.0.1/faafo", database.Url, StringComparison.Ordinal)
                .Replace("faafo-api &", "faafo-api > api.log 2>&1 & while ! faafo queue > /dev/null 2>&1; do :; done",
                    StringComparison.Ordinal)
                .Replace("faafo-worker &", "faafo-worker > worker.log 2>&1 &", StringComparison.Ordinal),
        });

        var output = await ConsoleDocument.RunAsync(
            [new("export PATH=$PWD/artifacts/bin/Faafo.Cli/debug:$PATH", []), .. served, new("kill %1 %2", []), new("wait", [])],
            ConsoleDocument.IsolatedEnvironment(folder), folder, Token);

        Assert.Contains("2 accepted, 0 refused", output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 finished, 0 failed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Faafo.Api", "faafo-api", "api")]
    [InlineData("Faafo.Worker", "faafo-worker", "worker")]
    [InlineData("Faafo.Scaler", "faafo-scaler", "scaler", "up", "down")]
    [InlineData("Faafo.Cli", "faafo", "faafo")]
    public async Task Option_table_lists_exactly_the_options_of_the_program(string project, string program, string name,
        params string[] commands)
    {
        HashSet<string> help = [];
        foreach (var command in commands.Prepend(""))
        {
            var text = await ChildProcess.RunAsync(
                TestFlock.PathOf(project, program), [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], Token);
            help.UnionWith(HelpOption().Matches(text).Select(option => option.Groups[1].Value));
        }
        help.Remove("--version");

        Assert.Equal(help.Order(), OptionsOf(name).Order());
    }

    // Rows of the table of options: the option, and the programs that have it.
    private static IEnumerable<string> OptionsOf(string program)
    {
        var table = File.ReadLines(Path.Combine(ConsoleDocument.Root, "docs", "usage.rst"))
            .SkipWhile(line => !line.StartsWith("Options", StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith("=========", StringComparison.Ordinal));
        var second = table.First().IndexOf(' ', StringComparison.Ordinal) + 1;
        var third = table.First().IndexOf(' ', second) + 1;
        foreach (var row in table.Skip(3).TakeWhile(line => !line.StartsWith('='))
            .Where(line => line.StartsWith("``--", StringComparison.Ordinal)))
        {
            var programs = row[second..third].Replace("`", "", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries);
            var has = programs[0].StartsWith("all but ", StringComparison.Ordinal)
                ? !programs[0].EndsWith(" " + program, StringComparison.Ordinal)
                : programs.Any(one => one.Split(' ')[0] == program);
            if (has)
            {
                yield return row[..second].Trim().Trim('`');
            }
        }
    }

    [GeneratedRegex(@"^  (--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex HelpOption();
}
