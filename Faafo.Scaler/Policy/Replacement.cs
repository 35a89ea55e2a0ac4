namespace Faafo.Scaler.Policy;

/// <summary>
/// Replaces drifted instances one at a time: first a successor is created, even if that is one more than max, and once it is ready the
/// oldest drifted instance is drained.
/// </summary>
internal static class Replacement
{
    /// <summary>Decides the next step.</summary>
    /// <param name="group">The group.</param>
    /// <param name="needed">Instances needed now; without drift there would be as many.</param>
    /// <returns>Null when nothing is drifted, or when instances are missing, which come first and are new anyway.</returns>
    public static Decision? Decide(GroupStatus group, int needed)
    {
        InstanceObservation[] drifted =
        [
            .. group.Staying.Where(instance => instance is
                { Drifted: true, Held: null, State: InstanceState.Ready or InstanceState.Booting or InstanceState.Silent })
                .OrderBy(instance => instance.CreatedAt).ThenBy(instance => instance.Name, StringComparer.Ordinal),
        ];
        if (drifted.Length == 0 || group.Present < needed)
        {
            return null;
        }
        var count = $"; {drifted.Length} to replace";
        if (group.Draining + group.Booting > 0)
        {
            return group.Hold($"{count}, one at a time");
        }
        if (group.Ready > needed && drifted.FirstOrDefault(instance => instance.State == InstanceState.Ready) is { } leaving)
        {
            return group.Hold($"{count}; -1, {leaving.Name} has a successor") with { Drain = [leaving] };
        }
        if (group.Present > needed || group.IsBackingOff)
        {
            return group.Hold($"{count}, later");
        }
        return group.Hold($"{count}; +1") with { Create = 1 };
    }
}
