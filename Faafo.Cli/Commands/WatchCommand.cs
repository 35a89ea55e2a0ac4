using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Faafo.Cli.Output;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo watch</c>: shows queue and nodes every second until Ctrl-C, also across an outage of the API.</summary>
internal static class WatchCommand
{
    private const string Home = "\e[H";
    private const string ClearToLineEnd = "\e[K";
    private const string ClearToScreenEnd = "\e[J";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) =>
        shared.Run(new Command("watch", "Show queue and nodes every second, until Ctrl-C"),
            (_, context, cancellationToken) => RunAsync(context, cancellationToken));

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var hasResponded = false;
        using var timer = new PeriodicTimer(Interval, context.Time);
        try
        {
            do
            {
                try
                {
                    var queue = await context.Api.GetQueueAsync(cancellationToken);
                    Show(context, queue, await context.Api.GetNodesAsync(cancellationToken));
                    hasResponded = true;
                }
                catch (FaafoApiException e) when (hasResponded && e.IsTransient)
                {
                    context.Error.WriteLine(e.Message);
                }
                context.Output.Flush();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the regular end.
        }
        return CommandLine.Done;
    }

    private static void Show(CommandContext context, QueueReport queue, IReadOnlyList<Node> nodes)
    {
        var now = context.Time.GetUtcNow();
        if (context.IsJson)
        {
            JsonText.Write(context.Output, json => Write(json, queue, nodes), indented: false);
        }
        else if (context.Terminal.OutputIsTerminal)
        {
            context.Output.Write(Screen(queue, nodes, now, context.Terminal.Rows()));
        }
        else
        {
            var busy = nodes.Sum(node => node.Report.Busy);
            var slots = nodes.Sum(node => node.Report.Slots);
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{now:u} ready {Cell.Of(queue.Ready)}, in flight {Cell.Of(queue.InFlight)}, unfinished {Cell.Of(queue.Unfinished)}, ")
                + string.Create(CultureInfo.InvariantCulture, $"nodes {nodes.Count}, busy {busy}/{slots}"));
        }
    }

    private static void Write(Utf8JsonWriter json, QueueReport queue, IReadOnlyList<Node> nodes)
    {
        json.WriteStartObject();
        json.WritePropertyName("queue");
        JsonSerializer.Serialize(json, queue, FaafoJson.Default.QueueReport);
        json.WritePropertyName("nodes");
        JsonSerializer.Serialize(json, nodes, FaafoJson.Default.IReadOnlyListNode);
        json.WriteEndObject();
    }

    /// <summary>Draws both tables over the previous ones, cut at the last line so that the screen does not scroll.</summary>
    private static string Screen(QueueReport queue, IReadOnlyList<Node> nodes, DateTimeOffset now, int rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine($"{now:u}");
        QueueCommand.WriteTable(text, queue);
        NodesCommand.WriteTable(text, nodes, now);
        var lines = text.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
        return Home + string.Concat(lines.Take(Math.Max(1, rows - 1)).Select(line => line + ClearToLineEnd + "\n")) + ClearToScreenEnd;
    }
}
