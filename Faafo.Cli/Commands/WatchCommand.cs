using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Faafo.Cli.Output;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo watch</c>: queue and nodes once a second, until it is interrupted; an API that goes away is waited for.</summary>
internal static class WatchCommand
{
    private const string Home = "\e[H";
    private const string ClearToLineEnd = "\e[K";
    private const string ClearToScreenEnd = "\e[J";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared) =>
        shared.Run(new Command("watch", "Show queue and nodes every second, until Ctrl-C"), (_, session, cancellationToken) => RunAsync(session, cancellationToken));

    private static async Task<int> RunAsync(CommandContext session, CancellationToken cancellationToken)
    {
        var answered = false;
        using var timer = new PeriodicTimer(Interval, session.Time);
        try
        {
            do
            {
                try
                {
                    Show(session, await session.Api.GetQueueAsync(cancellationToken), await session.Api.GetNodesAsync(cancellationToken));
                    answered = true;
                }
                catch (FaafoApiException e) when (answered && e.IsTransient)
                {
                    session.Error.WriteLine(e.Message);
                }
                session.Output.Flush();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }
        return CommandLine.Done;
    }

    private static void Show(CommandContext session, QueueReport queue, IReadOnlyList<Node> nodes)
    {
        var now = session.Time.GetUtcNow();
        if (session.IsJson)
        {
            JsonText.Write(session.Output, json => Write(json, queue, nodes), indented: false);
        }
        else if (session.Terminal.OutputIsTerminal)
        {
            session.Output.Write(Screen(queue, nodes, now, session.Terminal.Rows()));
        }
        else
        {
            session.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{now:u} ready {Cell.Of(queue.Ready)}, in flight {Cell.Of(queue.InFlight)}, unfinished {Cell.Of(queue.Unfinished)}, nodes {nodes.Count}, busy {nodes.Sum(n => n.Report.Busy)}/{nodes.Sum(n => n.Report.Slots)}"));
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

    /// <summary>Both tables over what stood there before, cut at the last line so that the screen does not roll.</summary>
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
