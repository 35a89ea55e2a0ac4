using System.CommandLine;
using System.Globalization;
using Faafo.Cli.Output;
using Faafo.Nodes;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo nodes</c>: who is in the flock and what each one does.</summary>
internal static class NodesCommand
{
    private static readonly string[] Headers = ["Name", "Role", "State", "Busy", "Load average", "CPUs", "Address", "Seen", "Note"];

    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared) => shared.Run(new Command("nodes", "List the nodes of the flock"),
        async (_, session, cancellationToken) =>
        {
            var nodes = await session.Api.GetNodesAsync(cancellationToken);
            if (session.IsJson)
            {
                JsonText.Write(session.Output, nodes, FaafoJson.Default.IReadOnlyListNode);
            }
            else
            {
                WriteTable(session.Output, nodes, session.Time.GetUtcNow());
            }
            return 0;
        });

    /// <summary>The nodes as a table.</summary>
    /// <param name="now">What "seen ... ago" counts from.</param>
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
        return node is { Drain: true, State: NodeState.Ready } ? $"{state}, told to drain" : state;
    }

    private static string Load(LoadAverage? load) =>
        load is null ? Cell.None : string.Create(CultureInfo.InvariantCulture, $"{load.One:F2} {load.Five:F2} {load.Fifteen:F2}");
}
