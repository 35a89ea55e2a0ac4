using Faafo.Nodes;
using Faafo.Options;

namespace Faafo.Scaler.Control;

/// <summary>
/// Replaces instances of a group one at a time: it marks them in the group's overrides, the running control loop replaces the marked, and
/// it waits. The marks outlive it: running it again continues after an interruption, with drift computed afresh, and
/// <see cref="AbortAsync"/> removes them.
/// </summary>
/// <param name="flock">The running flock.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Receives a line for each step.</param>
internal sealed class RollingReplacement(FlockAccess flock, TimeProvider time, Action<string> progress)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Replaces instances of a group and waits until the loop has done it; returns at once when no scaler is running.</summary>
    /// <param name="group">The group.</param>
    /// <param name="all">Whether to replace every instance, instead of those that have drifted from flock.yaml.</param>
    /// <param name="cancellationToken">Stops waiting; the loop continues.</param>
    /// <exception cref="FailureException">
    /// The group is paused, the loop makes no progress, or its new instances differ from flock.yaml too. The message says which instances
    /// are replaced and which are still marked.
    /// </exception>
    public async Task RollAsync(string group, bool all, CancellationToken cancellationToken)
    {
        var present = await ListAsync(group, cancellationToken);
        var overrides = await flock.GetOverridesAsync(group, cancellationToken);
        if (overrides.Paused)
        {
            throw new FailureException($"{group} is paused, and nothing was marked: run 'faafo-scaler resume {group}' first");
        }
        var unfinished = present.Where(instance => overrides.Replace?.Contains(instance.Id) is true).ToArray();
        var roll = new RollProgress(group, await SelectAsync(group, all, present, unfinished, cancellationToken));
        if (roll.Selected.Count == 0)
        {
            await flock.Api.ChangeGroupAsync(group, current => current with { Replace = null }, cancellationToken);
            progress($"{group}: nothing to roll");
            return;
        }
        progress(roll.Selected.Overlaps(unfinished.Select(instance => instance.Id))
            ? $"{group}: continuing an earlier roll; {roll.Selected.Count} left to replace"
            : $"{group}: {roll.Selected.Count} to replace, one at a time");
        await flock.Api.ChangeGroupAsync(group, current => current with { Replace = [.. roll.Selected] }, cancellationToken);
        if (!await WaitAsync(roll, cancellationToken))
        {
            return;
        }
        await flock.Api.ChangeGroupAsync(group, current => current with { Replace = Without(current.Replace, roll.Selected) },
            cancellationToken);
        if (!all)
        {
            await RequireReplacedAsync(group, cancellationToken);
        }
    }

    /// <summary>Ends a roll: instances that are not replaced yet stay, and a drain that has begun is finished.</summary>
    public async Task AbortAsync(string group, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> marked = [];
        await flock.Api.ChangeGroupAsync(group, current =>
        {
            marked = current.Replace ?? [];
            return current with { Replace = null };
        }, cancellationToken);
        var staying = (await ListAsync(group, cancellationToken)).Where(instance => marked.Contains(instance.Id)).ToArray();
        progress(staying.Length == 0
            ? $"{group}: no instance is marked for replacement"
            : $"{group}: the roll has ended; not replaced: {RollProgress.Names(staying)}");
    }

    // An instance that an operator holds is left alone by the loop too: waiting for it could take for ever.
    private async Task<IReadOnlyList<Instance>> SelectAsync(
        string group, bool all, IReadOnlyList<Instance> present, Instance[] unfinished, CancellationToken cancellationToken)
    {
        var selected = unfinished.Length > 0 ? unfinished : present;
        if (!all)
        {
            var drifted = await flock.Instances.FindDriftedAsync(group, cancellationToken);
            selected = [.. present.Where(instance => drifted.Contains(instance.Id))];
        }
        foreach (var held in selected.Where(instance => instance.Held is not null))
        {
            progress($"{group}: {held.Name} is {held.Held} and is left alone; roll again when it works, or delete it");
        }
        return [.. selected.Where(instance => instance.Held is null)];
    }

    // False when no scaler has been seen running. One that was seen and is not at the moment may be busy: it gets the same timeout.
    private async Task<bool> WaitAsync(RollProgress roll, CancellationToken cancellationToken)
    {
        Node? scaler = null;
        try
        {
            while (roll.Remaining.Count > 0)
            {
                var now = roll.Remaining;
                var isMarked = true;
                var hasChanged = await Poll.UntilAsync(async () =>
                {
                    scaler = FlockAccess.FindScaler(await flock.Api.GetNodesAsync(cancellationToken)) ?? scaler;
                    var marked = (await flock.GetOverridesAsync(roll.Group, cancellationToken)).Replace ?? [];
                    now = roll.FindRemaining(await ListAsync(roll.Group, cancellationToken));
                    isMarked = now.All(instance => marked.Contains(instance.Id));
                    return scaler is null || !isMarked || now.Count != roll.Remaining.Count;
                }, flock.ChangeTimeout, PollInterval, time, cancellationToken);
                roll.Remaining = now;
                if (!isMarked)
                {
                    throw new FailureException($"{roll}; another roll or 'roll {roll.Group} --abort' has removed the marks of this one");
                }
                if (scaler is null)
                {
                    progress("no scaler is running; the next one will replace them");
                    return false;
                }
                if (!hasChanged)
                {
                    throw new FailureException($"{roll} and still marked: the loop goes on with them when it can. "
                        + $"No progress within {flock.ChangeTimeout.TotalSeconds:0} s; the scaler's last decision: {scaler.Report.Note}. "
                        + $"Run {roll.NextSteps}");
                }
                progress($"{roll.Group}: {roll.Replaced} of {roll.Selected.Count} replaced");
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            progress($"{roll} and still marked: the loop goes on with them. Run {roll.NextSteps}");
            throw;
        }
        return true;
    }

    private async Task RequireReplacedAsync(string group, CancellationToken cancellationToken)
    {
        var drifted = await flock.Instances.FindDriftedAsync(group, cancellationToken);
        var different = (await ListAsync(group, cancellationToken)).Where(one => one.Held is null && drifted.Contains(one.Id)).ToArray();
        if (different.Length > 0)
        {
            throw new FailureException($"{group}: all are replaced and none is marked, but the new instances still differ from flock.yaml "
                + $"({RollProgress.Names(different)}): the scaler rejected the file, see its log");
        }
    }

    private static string[]? Without(IReadOnlyList<string>? marked, IReadOnlySet<string> replaced)
    {
        string[] others = [.. (marked ?? []).Where(id => !replaced.Contains(id))];
        return others.Length > 0 ? others : null;
    }

    private async Task<IReadOnlyList<Instance>> ListAsync(string group, CancellationToken cancellationToken)
    {
        var instances = await flock.Instances.ListAsync(cancellationToken);
        return [.. instances.Where(instance => instance.Group == group)];
    }
}
