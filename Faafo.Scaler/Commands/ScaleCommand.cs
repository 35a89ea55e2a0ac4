using System.CommandLine;
using System.CommandLine.Parsing;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Commands;

/// <summary><c>scale</c>: fixes the size of a group, or returns it to the policy.</summary>
internal static class ScaleCommand
{
    private const string Auto = "auto";
    private const int LargestSize = 10_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var group = GroupArgument.Required();
        var size = new Argument<string>("SIZE") { Description = "How many instances, or auto to return the size to the policy" };
        size.Validators.Add(Validate);
        return shared.OnFlock(
            new Command("scale", "Fix the size of a group") { group, size },
            (parsed, flock, stop) =>
            {
                var isNumber = Number.TryWhole(parsed.GetValue(size), out var number);
                return RunAsync(flock, parsed.GetValue(group)!, isNumber ? number : null, stop);
            });
    }

    private static void Validate(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var isSize = Number.TryWhole(text, out var number) && number is >= 0 and <= LargestSize;
        if (text != Auto && !isSize)
        {
            result.AddError($"SIZE must be auto or a whole number from 0 to {LargestSize} (got '{text}')");
        }
    }

    private static async Task<int> RunAsync(FlockAccess flock, string group, int? size, CancellationToken cancellationToken)
    {
        if (size is { } asked)
        {
            await RequireWithinLimitsAsync(flock, group, asked, cancellationToken);
        }
        await flock.Api.ChangeGroupAsync(group, overrides => overrides with { Size = size }, cancellationToken);
        if (size is { } wanted)
        {
            await WaitAsync(flock, group, wanted, cancellationToken);
        }
        else
        {
            Console.WriteLine($"{group} is sized by the policy again");
        }
        return CommandLine.Done;
    }

    private static async Task RequireWithinLimitsAsync(FlockAccess flock, string group, int size, CancellationToken cancellationToken)
    {
        var scaler = FlockAccess.FindScaler(await flock.Api.GetNodesAsync(cancellationToken));
        if (FindLimits(flock, group, scaler) is { } limits && (size < limits.Min || size > limits.Max))
        {
            throw new UsageException($"SIZE must be from {limits.Min} to {limits.Max}, the min and max of {group} in flock.yaml, "
                + $"not {size}: change them there first");
        }
    }

    // The running scaler's flock.yaml counts. Without a scaler, the file on the command line is the best guess at what the next one reads.
    private static GroupLimits? FindLimits(FlockAccess flock, string group, Node? scaler)
    {
        if (scaler is not null)
        {
            return scaler.Report.Limits?.FirstOrDefault(one => one.Group == group);
        }
        var policy = flock.Spec?.Groups.FirstOrDefault(one => one.Name == group)?.Policy;
        return policy is null ? null : new GroupLimits(group, policy.Min, policy.Max);
    }

    private static async Task WaitAsync(FlockAccess flock, string group, int size, CancellationToken cancellationToken)
    {
        Node? scaler = null;
        var shown = -1;
        var isDone = false;
        while (!isDone)
        {
            var ready = shown;
            var hasChanged = await Poll.UntilAsync(async () =>
            {
                var nodes = await flock.Api.GetNodesAsync(cancellationToken);
                scaler = FlockAccess.FindScaler(nodes) ?? scaler;
                ready = nodes.Count(node => node.Report.Role == group && node is { State: NodeState.Ready, Drain: false });
                isDone = ready == size && await IsSettledAsync(flock, group, size, nodes, cancellationToken);
                return scaler is null || ready != shown || isDone;
            }, flock.ChangeTimeout, PollInterval, TimeProvider.System, cancellationToken);
            if (scaler is null)
            {
                Console.WriteLine($"{group} is set to {size}; no scaler is running, the next one will apply it");
                return;
            }
            if (!hasChanged)
            {
                throw new FailureException(
                    $"{group}: no progress at {shown} of {size} ready; the scaler's last decision: {scaler.Report.Note}");
            }
            if (ready != shown)
            {
                Console.WriteLine($"{group}: {ready} of {size} ready");
                shown = ready;
            }
        }
    }

    // No instance still drains, and none is left whose node has been removed already. One that an operator holds stays, and counts if it
    // works.
    private static async Task<bool> IsSettledAsync(
        FlockAccess flock, string group, int size, IReadOnlyList<Node> nodes, CancellationToken cancellationToken)
    {
        if (nodes.Any(node => node.Report.Role == group && node.State == NodeState.Draining))
        {
            return false;
        }
        var instances = await flock.Instances.ListAsync(cancellationToken);
        return instances.Count(instance => instance.Group == group
            && (instance.Held is null || nodes.Any(node => node.Name == instance.Name && node.State == NodeState.Ready))) == size;
    }
}
