using System.CommandLine;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;

namespace Faafo.Scaler.Commands;

/// <summary><c>status</c>: shows nodes, queue, overrides and the last decision.</summary>
internal static class StatusCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) => shared.OnFlock(
        new Command("status", "Show nodes, queue, overrides and the last decision"), (_, flock, stop) => RunAsync(flock, stop));

    private static async Task<int> RunAsync(FlockAccess flock, CancellationToken cancellationToken)
    {
        var nodes = await flock.Api.GetNodesAsync(cancellationToken);
        var instances = await flock.Instances.ListAsync(cancellationToken);
        var snapshot = new Snapshot(instances, nodes, await flock.Api.GetQueueAsync(cancellationToken), "");
        FlockView.Write(FlockView.Nodes(snapshot));
        Console.WriteLine(FlockView.Queue(snapshot));
        foreach (var overrides in await flock.Api.GetGroupsAsync(cancellationToken))
        {
            Console.WriteLine(Describe(overrides));
        }
        foreach (var instance in instances.Where(instance => instance.Held is not null))
        {
            Console.WriteLine(FlockView.Held(instance));
        }
        foreach (var warning in FlockAccess.FindScaler(nodes)?.Report.Warnings ?? [])
        {
            Console.WriteLine(warning);
        }
        Console.WriteLine(FlockAccess.FindScaler(nodes) is { } scaler ? $"last decision: {scaler.Report.Note}" : "no scaler is running");
        return CommandLine.Done;
    }

    private static string Describe(GroupOverrides overrides)
    {
        var state = overrides.Paused ? "paused" : "not paused";
        var size = overrides.Size is { } fixedSize ? $"size set to {fixedSize}" : "sized by the policy";
        var roll = overrides.Replace is { Count: var count } ? $", {count} to replace" : "";
        return $"{overrides.Group}: {state}, {size}{roll}";
    }
}
