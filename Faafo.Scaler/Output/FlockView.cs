using System.Globalization;
using Faafo.Nodes;
using Faafo.Scaler.Control;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Faafo.Scaler.Output;

/// <summary>Draws a flock: the nodes as a table, the demo's progress, the last lines of the journal.</summary>
internal static class FlockView
{
    private const int PlainWidth = 400;

    /// <summary>Writes to stdout: as wide as the terminal and in colours there, whole lines of plain text into a file or a pipe.</summary>
    public static void Write(IRenderable what)
    {
        if (Console.IsOutputRedirected)
        {
            var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
            plain.Profile.Width = PlainWidth;
            plain.Write(what);
        }
        else
        {
            AnsiConsole.Write(what);
        }
    }

    /// <summary>The table of nodes: what each instance says of itself, or that it has not said anything yet.</summary>
    public static Table Nodes(Snapshot snapshot)
    {
        var table = new Table().Border(TableBorder.Ascii2)
            .AddColumns("Node", "Role", "State", "Load average", "Busy", "Version");
        foreach (var node in snapshot.Nodes ?? [])
        {
            if (node.State is NodeState.Left)
            {
                continue;
            }
            var r = node.Report;
            var load = r.LoadAverage is { } l
                ? string.Create(CultureInfo.InvariantCulture, $"{l.One:0.00} {l.Five:0.00} {l.Fifteen:0.00}") : "unknown";
            var state = node.Drain && node.State == NodeState.Ready ? "draining" : node.State.ToString().ToLowerInvariant();
            table.AddRow(node.Name.EscapeMarkup(), r.Role.EscapeMarkup(), Coloured(state), load, r.Slots > 0 ? $"{r.Busy} of {r.Slots}" : "",
                (r.Version ?? "").EscapeMarkup());
        }
        foreach (var instance in snapshot.Instances.Where(i => snapshot.Nodes?.Any(n => n.Name == i.Name && n.LastSeen > i.CreatedAt) != true))
        {
            table.AddRow(instance.Name.EscapeMarkup(), instance.Group.EscapeMarkup(), Coloured(instance.IsRunning ? "booting" : "ended"), "", "", "");
        }
        return table;
    }

    /// <summary>One line on the queue.</summary>
    public static string Queue(Snapshot snapshot) => snapshot.Queue is not { } q ? "queue: not known at the moment" : string.Create(
        CultureInfo.InvariantCulture, $"queue: {Count(q.Ready)} waiting, {Count(q.InFlight)} at work, {q.CompletionsPerSecond ?? 0:0.0} done per second");

    /// <summary>The live screen.</summary>
    public static IRenderable Live(Snapshot snapshot, string? progress, RunLog runLog, Uri gallery)
    {
        var rows = new List<IRenderable> { new Text($"The gallery is at {gallery}; Ctrl-C drains and stops everything"), Nodes(snapshot), new Text(Queue(snapshot)) };
        if (progress is not null)
        {
            rows.Add(new Text(progress));
        }
        rows.AddRange(runLog.Last.Select(line => new Text(line, new Style(Color.Grey))));
        return new Rows(rows);
    }

    private static string Count(long? n) => n?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Coloured(string state) => state switch
    {
        "ready" => "[green]ready[/]",
        "booting" or "draining" => $"[yellow]{state}[/]",
        _ => $"[red]{state.EscapeMarkup()}[/]",
    };
}
