namespace Faafo.Scaler.Policy;

/// <summary>Drains idle instances after fewer have been enough for a whole window; an override applies at once.</summary>
internal static class ScaleIn
{
    private const int NamesInReason = 3;

    /// <summary>Decides how to reach a smaller size, or to hold.</summary>
    public static Decision Decide(GroupStatus group)
    {
        if (group.Wanted == group.Present)
        {
            return group.Hold("");
        }
        var keep = group.Wanted;
        if (group.Observation.FixedSize is null)
        {
            if (HoldReason(group) is { } because)
            {
                return group.Hold(because);
            }
            keep = LargestWanted(group);
        }
        if (group.Draining > 0 && group.Options.OldestFirst)
        {
            return group.Hold("; one drain at a time");
        }
        if (group.Ready <= keep)
        {
            return group.Hold("; no ready instance to spare");
        }
        InstanceObservation[] idle =
        [
            .. Candidates(group).Where(instance => instance is { State: InstanceState.Ready, Busy: 0, Held: null })
                .Take(group.Ready - keep),
        ];
        return idle.Length == 0 ? group.Hold("; none is idle") : group.Hold($"; -{idle.Length}, {Describe(idle)}") with { Drain = idle };
    }

    private static string? HoldReason(GroupStatus group)
    {
        var window = group.Options.ScaleInWindow;
        if (group.Observation.Tasks is null)
        {
            return "; no reading, no scale-in";
        }
        if (group.Observation.Now - group.State.Since is { } observed && observed < window)
        {
            return $"; observing for {observed.TotalSeconds:0} s, scale-in after {window.TotalSeconds:0} s";
        }
        var largest = LargestWanted(group);
        return largest >= group.Present ? $"; {largest} wanted within the last {window.TotalSeconds:0} s" : null;
    }

    private static int LargestWanted(GroupStatus group) => group.State.History.Max(past => past.Wanted);

    private static IEnumerable<InstanceObservation> Candidates(GroupStatus group)
    {
        var instances = group.Observation.Instances;
        if (group.Options.OldestFirst)
        {
            return instances.OrderBy(instance => instance.CreatedAt).Take(1);
        }
        return instances.OrderByDescending(instance => instance.Ordinal).ThenByDescending(instance => instance.CreatedAt)
            .ThenByDescending(instance => instance.Name, StringComparer.Ordinal);
    }

    private static string Describe(InstanceObservation[] idle)
    {
        var names = string.Join(", ", idle.Take(NamesInReason).Select(instance => instance.Name));
        var more = idle.Length > NamesInReason ? $" and {idle.Length - NamesInReason} more" : "";
        return $"{names}{more} {(idle.Length == 1 ? "is" : "are")} idle";
    }
}
