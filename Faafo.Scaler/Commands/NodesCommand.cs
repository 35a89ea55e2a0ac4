using System.CommandLine;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;

namespace Faafo.Scaler.Commands;

/// <summary><c>nodes</c>: shows what every node reports.</summary>
internal static class NodesCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) => shared.OnFlock(
        new Command("nodes", "Show what every node reports"),
        async (_, flock, stop) =>
        {
            var instances = await flock.Instances.ListAsync(stop);
            FlockView.Write(FlockView.Nodes(new Snapshot(instances, await flock.Api.GetNodesAsync(stop), null, "")));
            return CommandLine.Done;
        });
}
