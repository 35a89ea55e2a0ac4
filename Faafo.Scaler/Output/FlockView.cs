using System.Globalization;
using Faafo.Nodes;
using Faafo.Scaler.Control;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Faafo.Scaler.Output;

/// <summary>Draws a flock: the nodes as a table, the demo's progress, the last lines of the log.</summary>
internal static class FlockView
{
    private const int PlainWidth = 400;

    /// <summary>Writes to stdout: as wide as the terminal and in colours there, unwrapped plain text into a file or a pipe.</summary>
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

    /// <summary>Builds the table of nodes, with the instances that have sent no heartbeat yet.</summary>
    public static Table Nodes(Snapshot snapshot)
    {
        var table = new Table().Border(TableBorder.Ascii2)
            .AddColumns("Node", "Role", "State", "Load average", "Busy", "Version");
        foreach (var node in snapshot.Nodes ?? [])
        {
            var held = snapshot.Instances.FirstOrDefault(instance => instance.Name == node.Name)?.Held;
            if (node.State is NodeState.Left && held is null)
            {
                continue;
            }
            var report = node.Report;
            var state = node.Drain && node.State == NodeState.Ready ? "draining" : node.State.ToString().ToLowerInvariant();
            state = held ?? state;
            var busy = report.Slots > 0 ? $"{report.Busy} of {report.Slots}" : "";
            table.AddRow(node.Name.EscapeMarkup(), report.Role.EscapeMarkup(), Coloured(state), Load(report), busy,
                (report.Version ?? "").EscapeMarkup());
        }
        foreach (var instance in snapshot.Instances.Where(instance => !HasNode(instance, snapshot)))
        {
            var state = instance.Held ?? (instance.IsRunning ? "booting" : "ended");
            table.AddRow(instance.Name.EscapeMarkup(), instance.Group.EscapeMarkup(), Coloured(state), "", "", "");
        }
        return table;
    }

    /// <summary>Describes the queue in one line.</summary>
    public static string Queue(Snapshot snapshot)
    {
        if (snapshot.Queue is not { } queue)
        {
            return "queue: unknown";
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"queue: {Count(queue.Ready)} waiting, {Count(queue.InFlight)} at work, {queue.CompletionsPerSecond ?? 0:0.0} done per second");
    }

    /// <summary>Describes an instance that an operator holds, in one line.</summary>
    public static string Held(Instance instance) =>
        $"{instance.Name} is {instance.Held}: left alone until its status is ACTIVE and it is unlocked, or it is deleted";

    /// <summary>Builds the live screen.</summary>
    public static IRenderable Live(Snapshot snapshot, string? progress, RunLog runLog, Uri gallery)
    {
        var title = new Text($"The gallery is at {gallery}; Ctrl-C drains and stops everything");
        var rows = new List<IRenderable> { title, Nodes(snapshot), new Text(Queue(snapshot)) };
        if (progress is not null)
        {
            rows.Add(new Text(progress));
        }
        rows.AddRange(runLog.Last.Select(line => new Text(line, new Style(Color.Grey))));
        return new Rows(rows);
    }

    private static bool HasNode(Instance instance, Snapshot snapshot) =>
        snapshot.Nodes?.Any(node => node.Name == instance.Name && node.LastSeen > instance.CreatedAt) ?? false;

    private static string Load(NodeReport report) => report.LoadAverage is { } load
        ? string.Create(CultureInfo.InvariantCulture, $"{load.One:0.00} {load.Five:0.00} {load.Fifteen:0.00}")
        : "unknown";

    private static string Count(long? n) => n?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Coloured(string state) => state switch
    {
        "ready" => "[green]ready[/]",
        "booting" or "draining" => $"[yellow]{state}[/]",
        _ => $"[red]{state.EscapeMarkup()}[/]",
    };
}
