using System.Globalization;

namespace Faafo.Scaler.Policy;

/// <summary>
/// Decides how many instances a group should have. Pure, without clock, cloud or network: the same observation and state give the same
/// decision, in the live loop as in a test.
///
/// The number of tasks decides the size, between min and max; waiting work and load can raise it where flock.yaml enables them. Booting
/// instances count as present, which takes the boot time out of the loop (a Smith predictor) and keeps a deep queue from creating the same
/// workers twice. Scale-out is immediate; scale-in waits until fewer have been enough for a whole window, and then drains all idle
/// instances above the largest size wanted in it, the newest first. Where the cloud removes only the oldest, they drain one at a time. An
/// operator's override applies at once, and a paused group is left as it is. An instance that an operator stopped or is changing is no
/// capacity: others are added in its place up to max, which includes it.
/// </summary>
internal static class ScalingPolicy
{
    /// <summary>Decides on an observation, and returns the state for the next one.</summary>
    public static (Decision Decision, PolicyState State) Decide(PolicyState before, Observation observation, PolicyOptions options)
    {
        var observed = before.WithObserved(observation, options.BootTimeout);
        var unhealthy = HealthCheck.FindUnhealthy(observed, observation, options);
        var removed = unhealthy.Select(removal => removal.Instance).ToArray();
        var state = observed.WithRefusalsOf(unhealthy).CountFailure(before, observation, unhealthy).EstimateServiceRate(observation);
        var group = new GroupStatus(state, observation, options, unhealthy, [.. observation.Instances.Except(removed)]);

        var estimate = SizeEstimate.Of(group);
        state = WithHistory(state, observation, options, estimate.Wanted)
            .WithDisplaced([.. group.Staying, .. unhealthy.Where(removal => removal.Refusals > 0).Select(removal => removal.Instance)],
                options.Min, isTooLarge: group.Present > estimate.Wanted);
        group = group with
        {
            State = state,
            Staying = [.. group.Staying.Select(instance => MarkDisplaced(instance, state))],
            Wanted = estimate.Wanted,
            Summary = Summarize(group, estimate),
        };
        if (observation.Paused || observation.MayBePaused)
        {
            var because = observation.Paused ? "; paused" : "; waiting for the API to tell whether the group is paused";
            return (group.Hold(because) with { Wanted = group.Present }, state);
        }
        var decision = Choose(group, estimate);
        return (decision, state with { Drained = state.Drained.Union(decision.Drain.Select(instance => instance.Id)) });
    }

    private static Decision Choose(GroupStatus group, SizeEstimate estimate)
    {
        var isNear = estimate.IsNear(group.Present, group.Observation);
        // A difference within the tolerance is not missing: it would keep drifted instances from being replaced.
        var isMissing = group.Wanted > group.Present && !isNear;
        var needed = isMissing ? group.Wanted : Math.Min(group.Wanted, group.Present);
        if (Replacement.Decide(group, needed) is { } replacement)
        {
            return replacement;
        }
        if (group.Wanted != group.Present && isNear)
        {
            return group.Hold("; within the tolerance");
        }
        return isMissing ? ScaleOut.Decide(group) : ScaleIn.Decide(group);
    }

    private static InstanceObservation MarkDisplaced(InstanceObservation instance, PolicyState state) =>
        state.Displaced.Contains(instance.Id) ? instance with { Drifted = true } : instance;

    private static PolicyState WithHistory(PolicyState state, Observation observation, PolicyOptions options, int wanted)
    {
        var recent = state.History.Where(past => observation.Now - past.At <= options.ScaleInWindow);
        return state with { History = [.. recent, (observation.Now, wanted)] };
    }

    private static string Summarize(GroupStatus group, SizeEstimate estimate)
    {
        var numbers = string.Create(CultureInfo.InvariantCulture,
            $"wanted {estimate.Wanted}: {estimate.Reason}; {group.Ready} ready, {group.Booting} booting");
        var silent = group.Silent > 0 ? $", {group.Silent} silent" : "";
        var draining = group.Draining > 0 ? $", {group.Draining} draining" : "";
        var unavailable = group.Unavailable > 0 ? $", {group.Unavailable} unavailable" : "";
        var undeletable = group.Undeletable > 0 ? $", {group.Undeletable} cannot be deleted" : "";
        return numbers + silent + draining + unavailable + undeletable;
    }
}
