using System.Globalization;

namespace Faafo.Scaler.Policy;

/// <summary>Adds instances at once, by at most a step.</summary>
internal static class ScaleOut
{
    /// <summary>Decides how to reach a larger size.</summary>
    public static Decision Decide(GroupStatus group)
    {
        var missing = group.Wanted - group.Present;
        // A draining instance can work at once, a new one must boot. An operator's drain is not cancelled. A node whose drain was cancelled
        // counts as draining until its next heartbeat: the cancellation is repeated until then, and no instance is created in addition.
        InstanceObservation[] undrain =
        [
            .. group.Staying.Where(instance => instance is { State: InstanceState.Draining, Drifted: false }
                && group.State.Drained.Contains(instance.Id)).OrderBy(instance => instance.CreatedAt).Take(missing),
        ];
        var room = group.Options.Max - group.Present - group.Draining - group.Unavailable - group.Undeletable;
        var step = Math.Max(group.Options.MaxStep, group.Present);
        var create = Math.Max(0, Math.Min(Math.Min(missing - undrain.Length, room), step));
        if (create > 0 && group.IsBackingOff)
        {
            var delay = group.State.RetryAt!.Value - group.Observation.Now;
            var because = string.Create(CultureInfo.InvariantCulture,
                $"; the last {group.State.Failures} failed, next try in {delay.TotalSeconds:0} s");
            return group.Hold(because) with { Undrain = undrain };
        }
        var created = create > 0 ? $"; +{create}" : "";
        var cancelled = undrain.Length > 0 ? $"; {undrain.Length} drains cancelled" : "";
        return group.Hold(created + cancelled) with { Create = create, Undrain = undrain };
    }
}
