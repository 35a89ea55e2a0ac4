using System.Globalization;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Commands;

/// <summary>The commands that speak with a running flock: plan, status, scale, drain, pause, resume. Orders are kept by the API.</summary>
/// <param name="options">What the command line said.</param>
/// <param name="cloud">The instances.</param>
/// <param name="patience">How long nothing may change while a size is waited for.</param>
/// <param name="time">The clock.</param>
internal sealed class Operator(ScalerOptions options, IInstanceProvider cloud, TimeSpan patience, TimeProvider time)
{
    /// <summary>Exit code of <c>plan</c> when something would change.</summary>
    public const int Changes = 3;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly FaafoClient _api = FaafoClient.Connect(options.Endpoint, timeout: TimeSpan.FromSeconds(10));

    /// <summary>Says what <c>up</c> would do.</summary>
    public async Task<int> PlanAsync(CancellationToken cancellationToken)
    {
        var flock = options.ReadFlock();
        var instances = await cloud.ListAsync(cancellationToken);
        var changes = 0;
        foreach (var group in flock.Groups)
        {
            var mine = instances.Where(i => i.Group == group.Name).ToArray();
            foreach (var ended in mine.Where(i => !i.IsRunning))
            {
                Console.WriteLine($"- {ended.Name}: has ended, its record is removed");
                changes++;
            }
            var outdated = group.Name == FlockSpec.LoadBalancer ? new HashSet<string>() : await cloud.FindDriftedAsync(group.Name, cancellationToken);
            foreach (var changed in mine.Where(i => i.IsRunning && outdated.Contains(i.Id)))
            {
                Console.WriteLine($"~ {changed.Name}: changed (roll {group.Name})");
                changes++;
            }
            var running = mine.Count(i => i.IsRunning);
            Console.WriteLine($"  {group.Name}: {running} running, wanted {group.Policy.Min} to {group.Policy.Max}");
            for (var missing = running; missing < group.Policy.Min; missing++)
            {
                Console.WriteLine($"+ {group.Name}: one more instance");
                changes++;
            }
        }
        Console.WriteLine(changes == 0 ? "Nothing to do" : $"{changes} changes");
        return changes == 0 ? CommandLine.Done : Changes;
    }

    /// <summary>Shows instances, nodes, queue, orders and the last decision.</summary>
    public async Task<int> StatusAsync(CancellationToken cancellationToken)
    {
        var nodes = await _api.GetNodesAsync(cancellationToken);
        var snapshot = new Snapshot(await cloud.ListAsync(cancellationToken), nodes, await _api.GetQueueAsync(cancellationToken), "");
        FlockView.Write(FlockView.Nodes(snapshot));
        Console.WriteLine(FlockView.Queue(snapshot));
        foreach (var order in await _api.GetGroupsAsync(cancellationToken))
        {
            Console.WriteLine($"{order.Group}: {(order.Paused ? "paused" : "not paused")}, "
                + (order.Size is { } size ? $"ordered to have {size}" : "sized by the policy")
                + (order.Replace is { Count: var count } ? $", {count} ordered to be replaced" : ""));
        }
        Console.WriteLine(Scaler(nodes) is { } scaler ? $"last decision: {scaler.Report.Note}" : "no scaler is running");
        return CommandLine.Done;
    }

    /// <summary>Shows what every node says of itself.</summary>
    public async Task<int> NodesAsync(CancellationToken cancellationToken)
    {
        FlockView.Write(FlockView.Nodes(new Snapshot(await cloud.ListAsync(cancellationToken), await _api.GetNodesAsync(cancellationToken), null, "")));
        return CommandLine.Done;
    }

    /// <summary>Orders a size, or gives the size back to the policy, and waits until the group has it.</summary>
    public async Task<int> ScaleAsync(string group, int? size, CancellationToken cancellationToken)
    {
        if (size is { } asked && LimitsOf(group, Scaler(await _api.GetNodesAsync(cancellationToken))) is { } limits && (asked < limits.Min || asked > limits.Max))
        {
            throw new UsageException($"SIZE must be from {limits.Min} to {limits.Max}, the min and max of {group} in flock.yaml, not {asked}: change them there first");
        }
        var known = (await _api.GetGroupsAsync(cancellationToken)).FirstOrDefault(g => g.Group == group);
        await _api.PutGroupAsync((known ?? new GroupOverrides(group, Paused: false, null)) with { Size = size }, cancellationToken);
        if (size is null)
        {
            Console.WriteLine($"{group} is sized by the policy again");
            return CommandLine.Done;
        }
        var (shown, since) = (-1, time.GetTimestamp());
        Node? heard = null;
        while (true)
        {
            var nodes = await _api.GetNodesAsync(cancellationToken);
            heard = Scaler(nodes) ?? heard;
            if (heard is null)
            {
                Console.WriteLine($"{group} is ordered to have {size}; no scaler is running, the next one will obey");
                return CommandLine.Done;
            }
            var ready = nodes.Count(n => n.Report.Role == group && n is { State: NodeState.Ready, Drain: false });
            if (ready != shown)
            {
                Console.WriteLine($"{group}: {ready} of {size} ready");
                (shown, since) = (ready, time.GetTimestamp());
            }
            if (ready == size && !nodes.Any(n => n.Report.Role == group && n.State == NodeState.Draining)
                && (await cloud.ListAsync(cancellationToken)).Count(one => one.Group == group) == size)
            {
                return CommandLine.Done;
            }
            if (time.GetElapsedTime(since) > patience)
            {
                throw new FailureException($"{group} stays at {ready} of {size}; the scaler said last: {heard.Report.Note}");
            }
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Drains a node and waits until it has left.</summary>
    public async Task<int> DrainAsync(string name, CancellationToken cancellationToken)
    {
        var drained = await FindAsync();
        if (drained is null || !await _api.DrainNodeAsync(name, drain: true, cancellationToken))
        {
            throw new FailureException($"there is no node {name}");
        }
        Console.WriteLine($"{name} takes nothing new");
        // Another node of this name, begun later, is its successor.
        while (await FindAsync() is { State: not NodeState.Left } node && node.Report.StartedAt == drained.Report.StartedAt)
        {
            if (node is { Drain: false, State: NodeState.Ready })
            {
                throw new FailureException($"the drain of {name} was taken back");
            }
            if (node.State == NodeState.Stale)
            {
                throw new FailureException($"{name} has been silent since {node.LastSeen.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC");
            }
            await Task.Delay(PollInterval, time, cancellationToken);
        }
        Console.WriteLine($"{name} has left");
        return CommandLine.Done;

        async Task<Node?> FindAsync() => (await _api.GetNodesAsync(cancellationToken)).FirstOrDefault(n => n.Name == name);
    }

    /// <summary>
    /// Has the loop replace the outdated instances of a group, or all, one after the other, and waits until it has. One that was cut goes on
    /// when it is given again, and touches nobody who is new already: outdated is who is so now, and of all the API keeps who is left.
    /// </summary>
    public async Task<int> RollAsync(string group, bool all, CancellationToken cancellationToken)
    {
        var there = await IdsAsync();
        var known = await OrdersAsync();
        var left = known.Replace?.Where(there.Contains).ToHashSet() ?? [];
        IReadOnlySet<string> old = !all ? await cloud.FindDriftedAsync(group, cancellationToken) : left.Count > 0 ? left : there;
        if (old.Count == 0)
        {
            await _api.PutGroupAsync(known with { Replace = null }, cancellationToken);
            Console.WriteLine($"{group}: nothing to roll");
            return CommandLine.Done;
        }
        Console.WriteLine(left.Overlaps(old) ? $"{group}: an earlier roll goes on; {old.Count} are left to be replaced" : $"{group}: {old.Count} to be replaced, one after the other");
        await _api.PutGroupAsync(known with { Replace = [.. old] }, cancellationToken);
        var (rest, since) = (old.Count, time.GetTimestamp());
        Node? heard = null;
        while (rest > 0)
        {
            // One that was heard and is not at the moment may just be busy: it has as long as everything else.
            heard = Scaler(await _api.GetNodesAsync(cancellationToken)) ?? heard;
            if (heard is null)
            {
                Console.WriteLine("no scaler is running, the next one will obey");
                return CommandLine.Done;
            }
            if (time.GetElapsedTime(since) > patience)
            {
                throw new FailureException($"{group} stays at {old.Count - rest} of {old.Count} replaced; the scaler said last: {heard.Report.Note}");
            }
            await Task.Delay(PollInterval, time, cancellationToken);
            if (old.Intersect(await IdsAsync()).Count() is var now && now != rest)
            {
                (rest, since) = (now, time.GetTimestamp());
                Console.WriteLine($"{group}: {old.Count - rest} of {old.Count} replaced");
            }
        }
        await _api.PutGroupAsync(await OrdersAsync() with { Replace = null }, cancellationToken);
        return all || await cloud.FindDriftedAsync(group, cancellationToken) is { Count: 0 } ? CommandLine.Done
            : throw new FailureException($"{group}: the successors are not as flock.yaml says either: the scaler does not follow it, and its log says why");

        async Task<HashSet<string>> IdsAsync() => [.. (await cloud.ListAsync(cancellationToken)).Where(one => one.Group == group).Select(one => one.Id)];

        async Task<GroupOverrides> OrdersAsync() => (await _api.GetGroupsAsync(cancellationToken)).FirstOrDefault(one => one.Group == group)
            ?? new GroupOverrides(group, Paused: false, Size: null);
    }

    /// <summary>Stops or allows changes to one group, or to all.</summary>
    public async Task<int> PauseAsync(string? group, bool paused, CancellationToken cancellationToken)
    {
        var known = await _api.GetGroupsAsync(cancellationToken);
        foreach (var name in group is null ? (string[])[FlockSpec.Api, FlockSpec.Worker] : [group])
        {
            await _api.PutGroupAsync((known.FirstOrDefault(g => g.Group == name) ?? new GroupOverrides(name, paused, null)) with { Paused = paused }, cancellationToken);
            Console.WriteLine($"{name} is {(paused ? "paused: nothing is added or removed" : "scaled again")}");
        }
        return CommandLine.Done;
    }

    // The running scaler's flock.yaml counts; without one, the file that was named is the best guess at what the next one reads.
    private GroupLimits? LimitsOf(string group, Node? scaler) => scaler?.Report.Limits?.FirstOrDefault(one => one.Group == group)
        ?? (scaler is null && options.FlockFile is not null && options.ReadFlock().Groups.FirstOrDefault(one => one.Name == group)?.Policy is { } policy
            ? new GroupLimits(group, policy.Min, policy.Max) : null);

    private static Node? Scaler(IReadOnlyList<Node> nodes) => nodes.FirstOrDefault(n => n is { Name: ControlLoop.NodeName, State: NodeState.Ready });
}
