using System.CommandLine;
using Faafo.Cli;
using Faafo.Cli.Output;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.Cli;

public sealed class FaafoCommandTests
{
    private const string Uuid = "11111111-2222-4333-8444-555555555555";
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("paint", "'paint'")]
    [InlineData("list --output xml", "--output must be one of table, json (got 'xml')")]
    [InlineData("list --endpoint-url ftp://x", "--endpoint-url must be an address such as http://127.0.0.1:8080 (got 'ftp://x')")]
    [InlineData("show", "Required argument 'UUID' missing for command: 'show'.")]
    [InlineData("show abc", "UUID must be a UUID such as 11111111-2222-4333-8444-555555555555 (got 'abc')")]
    [InlineData("delete", "Required argument 'UUID' missing for command: 'delete'.")]
    [InlineData("delete " + Uuid + " abc", "UUID must be a UUID such as 11111111-2222-4333-8444-555555555555 (got 'abc')")]
    [InlineData("create --height 0", "--height must be a whole number from 1 to 16384 (got '0')")]
    [InlineData("create --width 16385", "--width must be a whole number from 1 to 16384 (got '16385')")]
    [InlineData("create --min-width -1", "--min-width must be a whole number from 1 to 16384 (got '-1')")]
    [InlineData("create --iterations 65536", "--iterations must be a whole number from 1 to 65535 (got '65536')")]
    [InlineData("create --tasks 0", "--tasks must be a whole number from 1 to 100000 (got '0')")]
    [InlineData("create --xa NaN", "--xa must be a finite number from -1e6 to 1e6 (got 'NaN')")]
    [InlineData("create --max-yb 1e7", "--max-yb must be a finite number from -1e6 to 1e6 (got '1e7')")]
    [InlineData("create --cx infinity", "--cx must be a finite number from -1e6 to 1e6 (got 'infinity')")]
    [InlineData("create --xa -1,5", "--xa must be a finite number from -1e6 to 1e6 (got '-1,5')")]
    [InlineData("create --min-xa -0,5", "--min-xa must be a finite number from -1e6 to 1e6 (got '-0,5')")]
    [InlineData("create --cy (1)", "--cy must be a finite number from -1e6 to 1e6 (got '(1)')")]
    [InlineData("create --yb 1_0", "--yb must be a finite number from -1e6 to 1e6 (got '1_0')")]
    [InlineData("create --ya ¤1", "--ya must be a finite number from -1e6 to 1e6 (got '¤1')")]
    [InlineData("create --iterations 1,000", "--iterations must be a whole number from 1 to 65535 (got '1,000')")]
    [InlineData("create --tasks 1,0", "--tasks must be a whole number from 1 to 100000 (got '1,0')")]
    [InlineData("create --height 0x10", "--height must be a whole number from 1 to 16384 (got '0x10')")]
    [InlineData("create --seed ５", "--seed must be a whole number from -2147483648 to 2147483647 (got '５')")]
    [InlineData("create --seed x", "--seed must be a whole number from -2147483648 to 2147483647 (got 'x')")]
    [InlineData("create --min-height 2000", "--min-height must be at most --max-height, which is 1024 (got 2000)")]
    [InlineData("create --max-tasks 2 --min-tasks 3", "--min-tasks must be at most --max-tasks, which is 2 (got 3)")]
    public async Task Invalid_command_line_is_exit_code_2(string args, string message)
    {
        var run = await FaafoRun.OfAsync(Nowhere, args.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "Usage:")]
    [InlineData("-h", "Usage:")]
    [InlineData("-?", "Usage:")]
    [InlineData("/h", "Usage:")]
    [InlineData("/?", "Usage:")]
    [InlineData("create --help", "--min-width")]
    [InlineData("show -h", "The fractal")]
    [InlineData("--version", ".")]
    public async Task Help_and_version_are_printed_on_request(string args, string text)
    {
        using var output = new StringWriter();
        var parsed = Root(args.Split(' ')).Parse(args.Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.Equal(0, await parsed.InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken));
        Assert.Contains(text, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("paint")]
    [InlineData("create --colour red")]
    [InlineData("create --height")]
    [InlineData("show")]
    [InlineData("list list")]
    public void Errors_are_the_same_without_the_help_option(string args)
    {
        var words = args.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var errors = Root(words).Parse(words).Errors.Select(error => error.Message).ToArray();

        Assert.NotEmpty(errors);
        Assert.Equal(Root("--help").Parse(words).Errors.Select(error => error.Message), errors);
    }

    private static Command Root(params string[] args) =>
        FaafoCommand.Build(new Terminal(TextWriter.Null, TextWriter.Null, Stream.Null, TimeProvider.System), args);

    [Theory]
    [InlineData("create --tasks 3")]
    [InlineData("create --tasks 200 --wait --output json")]
    [InlineData("list")]
    [InlineData("list --output json")]
    [InlineData("show " + Uuid)]
    [InlineData("get " + Uuid)]
    [InlineData("delete " + Uuid)]
    [InlineData("queue")]
    [InlineData("nodes")]
    [InlineData("watch")]
    public async Task Unreachable_API_is_one_line_on_stderr_and_exit_code_1(string args)
    {
        var run = await FaafoRun.OfAsync(Nowhere, args.Split(' '));

        Assert.Equal(new FaafoRun(1, "", "cannot reach the API at http://127.0.0.1:1: Connection refused\n"), run);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show " + Uuid)]
    [InlineData("queue")]
    [InlineData("nodes")]
    [InlineData("watch")]
    public async Task Other_server_is_one_line_on_stderr_and_exit_code_1(string args)
    {
        await using var api = await FaultyApi.StartAsync(context => context.Response.WriteAsync("<html>", context.RequestAborted));
        var run = await FaafoRun.OfAsync(api.Endpoint, args.Split(' '));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("this is not a Faafo API", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show " + Uuid)]
    [InlineData("nodes")]
    public async Task Truncated_response_is_one_line_on_stderr_and_exit_code_1(string args)
    {
        await using var api = await FaultyApi.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"num_results\":", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        var run = await FaafoRun.OfAsync(api.Endpoint, args.Split(' '));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Single(run.ErrorLines);
    }

    [Fact]
    public async Task Endpoint_is_accepted_after_the_command()
    {
        var run = await FaafoRun.OfAsync(Nowhere, "list", "--endpoint-url", "http://127.0.0.1:1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("http://127.0.0.1:1:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Full_disk_below_stdout_is_one_line_on_stderr_and_exit_code_1()
    {
        await using var api = await FaultyApi.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("[]", context.RequestAborted);
        });
        await using var disk = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var full = new StreamWriter(disk) { AutoFlush = true };     // not disposed: it would flush again
        var run = await FaafoRun.OfAsync(api.Endpoint, new MemoryStream(), full, "nodes");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No space left", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
