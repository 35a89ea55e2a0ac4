using System.CommandLine;
using System.Globalization;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Commands;

/// <summary><c>drain</c>: has a node finish its tasks and exit, and waits for it.</summary>
internal static class DrainCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var node = new Argument<string>("NODE") { Description = "The node's name" };
        return shared.OnFlock(
            new Command("drain", "Have a node finish its tasks and exit") { node },
            (parsed, flock, stop) => RunAsync(flock.Api, parsed.GetValue(node)!, stop));
    }

    private static async Task<int> RunAsync(IFaafoApi api, string name, CancellationToken cancellationToken)
    {
        var drained = await FindAsync(api, name, cancellationToken);
        if (drained is null || !await api.DrainNodeAsync(name, drain: true, cancellationToken))
        {
            throw new FailureException($"there is no node {name}");
        }
        Console.WriteLine($"{name} is draining");
        await Poll.UntilAsync(async () =>
        {
            var node = await FindAsync(api, name, cancellationToken);
            // A node of this name that started later is the successor.
            if (node is null || node.State == NodeState.Left || node.Report.StartedAt != drained.Report.StartedAt)
            {
                return true;
            }
            RequireDraining(node);
            return false;
        }, TimeSpan.MaxValue, PollInterval, TimeProvider.System, cancellationToken);
        Console.WriteLine($"{name} has left");
        return CommandLine.Done;
    }

    private static void RequireDraining(Node node)
    {
        if (node is { Drain: false, State: NodeState.Ready })
        {
            throw new FailureException($"the drain of {node.Name} was cancelled");
        }
        if (node.State == NodeState.Stale)
        {
            var since = node.LastSeen.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            throw new FailureException($"{node.Name} has sent no heartbeat since {since} UTC");
        }
    }

    private static async Task<Node?> FindAsync(IFaafoApi api, string name, CancellationToken cancellationToken)
    {
        var nodes = await api.GetNodesAsync(cancellationToken);
        return nodes.FirstOrDefault(node => node.Name == name);
    }
}
