using Faafo.Nodes;
using Faafo.Options;

namespace Faafo.Scaler.Control;

/// <summary>
/// Replaces instances of a group one at a time: it asks the running control loop for it through an override, and waits. Safe to run again
/// after an interruption: drift is computed afresh, and when all were to be replaced the override remembers which remain.
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
    /// <exception cref="FailureException">The loop makes no progress, or its new instances differ from flock.yaml too.</exception>
    public async Task RollAsync(string group, bool all, CancellationToken cancellationToken)
    {
        var present = await ListIdsAsync(group, cancellationToken);
        var overrides = await flock.GetOverridesAsync(group, cancellationToken);
        var unfinished = overrides.Replace?.Where(present.Contains).ToHashSet() ?? [];
        IReadOnlySet<string> selected = unfinished.Count > 0 ? unfinished : present;
        if (!all)
        {
            selected = await flock.Instances.FindDriftedAsync(group, cancellationToken);
        }
        if (selected.Count == 0)
        {
            await flock.Api.PutGroupAsync(overrides with { Replace = null }, cancellationToken);
            progress($"{group}: nothing to roll");
            return;
        }
        progress(unfinished.Overlaps(selected)
            ? $"{group}: continuing an earlier roll; {selected.Count} left to replace"
            : $"{group}: {selected.Count} to replace, one at a time");
        await flock.Api.PutGroupAsync(overrides with { Replace = [.. selected] }, cancellationToken);
        if (!await WaitAsync(group, selected, cancellationToken))
        {
            return;
        }
        overrides = await flock.GetOverridesAsync(group, cancellationToken);
        await flock.Api.PutGroupAsync(overrides with { Replace = null }, cancellationToken);
        if (!all && (await flock.Instances.FindDriftedAsync(group, cancellationToken)).Count > 0)
        {
            throw new FailureException(
                $"{group}: the new instances still differ from flock.yaml: the scaler rejected the file, see its log");
        }
    }

    // False when no scaler has been seen running. One that was seen and is not at the moment may be busy: it gets the same timeout.
    private async Task<bool> WaitAsync(string group, IReadOnlySet<string> selected, CancellationToken cancellationToken)
    {
        Node? scaler = null;
        var remaining = selected.Count;
        while (remaining > 0)
        {
            var now = remaining;
            var hasChanged = await Poll.UntilAsync(async () =>
            {
                scaler = FlockAccess.FindScaler(await flock.Api.GetNodesAsync(cancellationToken)) ?? scaler;
                now = selected.Intersect(await ListIdsAsync(group, cancellationToken)).Count();
                return scaler is null || now != remaining;
            }, flock.ChangeTimeout, PollInterval, time, cancellationToken);
            if (scaler is null)
            {
                progress("no scaler is running; the next one will replace them");
                return false;
            }
            if (!hasChanged)
            {
                throw new FailureException($"{group}: no progress at {selected.Count - remaining} of {selected.Count} replaced; "
                    + $"the scaler's last decision: {scaler.Report.Note}");
            }
            remaining = now;
            progress($"{group}: {selected.Count - remaining} of {selected.Count} replaced");
        }
        return true;
    }

    private async Task<HashSet<string>> ListIdsAsync(string group, CancellationToken cancellationToken)
    {
        var instances = await flock.Instances.ListAsync(cancellationToken);
        return [.. instances.Where(instance => instance.Group == group).Select(instance => instance.Id)];
    }
}
