using System.CommandLine;
using System.Text;
using System.Text.Json;
using Faafo.Cli;
using Faafo.Cli.Commands;
using Faafo.Cli.Output;
using Faafo.Nodes;
using Faafo.Queueing;
using Faafo.TestKit;
using Faafo.Tests.Api;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Cli.Commands;

/// <summary>queue, nodes and watch.</summary>
public sealed class FlockCommandTests(TestApi api) : IClassFixture<TestApi>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Queue_prints_a_dash_for_unknown_values()
    {
        using var text = new StringWriter();
        QueueCommand.WriteTable(text, new QueueReport
        {
            Ready = 12,
            Consumers = 2,
            Unpublished = 0,
            Unfinished = 14,
            OldestAge = 3.14,
            ArrivalsPerSecond = 0.25,
            CompletionsPerSecond = 1,
            WorkWaiting = 1_234_567_890,
            WorkPerSecond = 7654321.5,
        });

        Assert.Equal("""
            +--------------+----------------------------------------+
            | Parameter    | Value                                  |
            +--------------+----------------------------------------+
            | ready        | 12                                     |
            | in_flight    | -                                      |
            | consumers    | 2                                      |
            | unpublished  | 0                                      |
            | unfinished   | 14                                     |
            | oldest_age   | 3.1 seconds                            |
            | arrivals     | 0.25 per second                        |
            | completions  | 1.00 per second                        |
            | work_waiting | 1234567890 pixels x iterations         |
            | work         | 7654322 pixels x iterations per second |
            +--------------+----------------------------------------+

            """, text.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Nodes_prints_one_row_per_node()
    {
        var worker = new NodeReport
        {
            Role = "worker",
            StartedAt = Start,
            Cpus = 2,
            Slots = 2,
            Busy = 1,
            LoadAverage = new(0.5, 0.25, 0.12),
            Address = "10.0.0.7",
        };
        var scaler = new NodeReport { Role = "scaler", StartedAt = Start, Cpus = 4, Note = "2 workers, enough" };
        using var text = new StringWriter();
        NodesCommand.WriteTable(text,
        [
            new Node("w1", NodeState.Ready, Drain: true, Start, worker),
            new Node("s1", NodeState.Stale, Drain: false, Start.AddSeconds(-75), scaler),
        ], Start.AddSeconds(2.9));

        Assert.Equal("""
            +------+--------+------------------------+------+----------------+------+----------+----------+-------------------+
            | Name | Role   | State                  | Busy | Load average   | CPUs | Address  | Seen     | Note              |
            +------+--------+------------------------+------+----------------+------+----------+----------+-------------------+
            | w1   | worker | ready, drain requested | 1/2  | 0.50 0.25 0.12 | 2    | 10.0.0.7 | 2 s ago  | -                 |
            | s1   | scaler | stale                  | 0/0  | -              | 4    | -        | 77 s ago | 2 workers, enough |
            +------+--------+------------------------+------+----------------+------+----------+----------+-------------------+

            """, text.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Queue_and_nodes_print_the_reports_of_the_API()
    {
        var queue = await FaafoRun.OfAsync(api.Endpoint, "queue");
        var nodes = await FaafoRun.OfAsync(api.Endpoint, "nodes");

        Assert.Equal((0, "", 0, ""), (queue.ExitCode, queue.Error, nodes.ExitCode, nodes.Error));
        Assert.Contains("| consumers ", queue.Output, StringComparison.Ordinal);
        Assert.Contains("| Name ", nodes.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_and_nodes_in_JSON_print_the_documents_of_the_API()
    {
        var queue = await FaafoRun.OfAsync(api.Endpoint, "--output", "json", "queue");
        var nodes = await FaafoRun.OfAsync(api.Endpoint, "nodes", "--output", "json");

        Assert.Equal(0, JsonSerializer.Deserialize(queue.Output, FaafoJson.Default.QueueReport)!.Consumers);
        Assert.NotNull(JsonSerializer.Deserialize(nodes.Output, FaafoJson.Default.IReadOnlyListNode));
    }

    [Theory]
    [InlineData(false, "table", "2030-01-01 00:00:0# ready")]
    [InlineData(false, "json", "{\"queue\":{\"ready\":")]
    [InlineData(true, "table", "\e[H2030-01-01 00:00:0#")]
    public async Task Watch_shows_the_flock_every_second_until_it_is_interrupted(bool isTerminal, string format, string beginning)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var time = new FakeTimeProvider(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var output = new Transcript();
        var root = FaafoCommand.Build(new Terminal(output, TextWriter.Null, Stream.Null, time) { OutputIsTerminal = isTerminal });
        var watching = root.Parse(["watch", "--endpoint-url", api.Endpoint.AbsoluteUri, "--output", format])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, stop.Token);
        for (var second = 0; second < 3; second++)
        {
            var begins = beginning.Replace("#", $"{second}Z", StringComparison.Ordinal);
            await Eventually.TrueAsync($"second {second} is shown", _ =>
                Task.FromResult(output.ToString().Split(begins).Length > (begins == beginning ? second + 1 : 1)));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await stop.CancelAsync();

        Assert.Equal(0, await watching);
    }

    [Fact]
    public async Task Watch_continues_across_an_outage_of_the_API()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var time = new FakeTimeProvider(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var requests = 0;
        await using var flaky = await FaultyApi.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            if (context.Request.Path == "/v1/nodes")
            {
                await context.Response.Body.WriteAsync("[]"u8.ToArray(), context.RequestAborted);
            }
            else if (++requests == 2)
            {
                context.Response.StatusCode = 503;
            }
            else
            {
                await context.Response.Body.WriteAsync("{}"u8.ToArray(), context.RequestAborted);
            }
        });
        await using var output = new Transcript();
        await using var error = new Transcript();
        var root = FaafoCommand.Build(new Terminal(output, error, Stream.Null, time));
        var watching = root.Parse(["watch", "--endpoint-url", flaky.Endpoint.AbsoluteUri])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, stop.Token);
        await ShownAsync(output, "00:00:00Z");
        time.Advance(TimeSpan.FromSeconds(1));
        await ShownAsync(error, "503");
        time.Advance(TimeSpan.FromSeconds(1));
        await ShownAsync(output, "00:00:02Z");
        await stop.CancelAsync();

        Assert.Equal(0, await watching);
    }

    private static Task ShownAsync(Transcript writer, string text) =>
        Eventually.TrueAsync($"'{text}' is shown", _ => Task.FromResult(writer.ToString().Contains(text, StringComparison.Ordinal)));

    /// <summary>A writer whose text can be read while a command writes.</summary>
    private sealed class Transcript : TextWriter
    {
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            lock (_text)
            {
                _text.Append(value);
            }
        }

        public override string ToString()
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }
}
