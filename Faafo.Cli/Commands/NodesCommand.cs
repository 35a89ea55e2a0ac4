using System.CommandLine;
using System.Globalization;
using Faafo.Cli.Output;
using Faafo.Nodes;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo nodes</c>: lists the nodes of the flock with their state and load.</summary>
internal static class NodesCommand
{
    private static readonly string[] Headers = ["Name", "Role", "State", "Busy", "Load average", "CPUs", "Address", "Seen", "Note"];

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) => shared.Run(new Command("nodes", "List the nodes of the flock"),
        async (_, context, cancellationToken) =>
        {
            var nodes = await context.Api.GetNodesAsync(cancellationToken);
            if (context.IsJson)
            {
                JsonText.Write(context.Output, nodes, FaafoJson.Default.IReadOnlyListNode);
            }
            else
            {
                WriteTable(context.Output, nodes, context.Time.GetUtcNow());
            }
            return CommandLine.Done;
        });

    /// <summary>Writes the nodes as a table.</summary>
    /// <param name="now">The time from which "seen ... ago" counts.</param>
    public static void WriteTable(TextWriter output, IReadOnlyList<Node> nodes, DateTimeOffset now) => TableWriter.Write(output, Headers,
        [.. nodes.Select(node => new[]
        {
            node.Name,
            node.Report.Role,
            State(node),
            string.Create(CultureInfo.InvariantCulture, $"{node.Report.Busy}/{node.Report.Slots}"),
            Load(node.Report.LoadAverage),
            Cell.Of(node.Report.Cpus),
            Cell.Of(node.Report.Address),
            Cell.Of(Math.Max(0, Math.Floor((now - node.LastSeen).TotalSeconds)), unit: " s ago"),
            Cell.Of(node.Report.Note),
        })]);

    private static string State(Node node)
    {
        var state = node.State.ToString().ToLowerInvariant();
        return node is { Drain: true, State: NodeState.Ready } ? $"{state}, drain requested" : state;
    }

    private static string Load(LoadAverage? load) =>
        load is null ? Cell.None : string.Create(CultureInfo.InvariantCulture, $"{load.One:F2} {load.Five:F2} {load.Fifteen:F2}");
}
