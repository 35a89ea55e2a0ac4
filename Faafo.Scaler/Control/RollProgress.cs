namespace Faafo.Scaler.Control;

/// <summary>How far a roll has come.</summary>
/// <param name="group">The group.</param>
/// <param name="selected">The instances to replace.</param>
internal sealed class RollProgress(string group, IReadOnlyList<Instance> selected)
{
    /// <summary>The group.</summary>
    public string Group => group;

    /// <summary>The ids of the instances to replace.</summary>
    public IReadOnlySet<string> Selected { get; } = selected.Select(instance => instance.Id).ToHashSet();

    /// <summary>The instances that are not replaced yet.</summary>
    public IReadOnlyList<Instance> Remaining { get; set; } = selected;

    /// <summary>How many are replaced.</summary>
    public int Replaced => Selected.Count - Remaining.Count;

    /// <summary>The commands that continue or end the roll.</summary>
    public string NextSteps => $"'roll {group}' again to continue, or 'roll {group} --abort' to keep them";

    /// <summary>Finds the instances that are not replaced yet.</summary>
    public IReadOnlyList<Instance> FindRemaining(IReadOnlyList<Instance> present) =>
        [.. present.Where(instance => Selected.Contains(instance.Id))];

    /// <summary>Names instances, with their status where an operator holds them.</summary>
    public static string Names(IEnumerable<Instance> instances) =>
        string.Join(", ", instances.Select(instance => instance.Held is null ? instance.Name : $"{instance.Name} ({instance.Held})"));

    /// <summary>Describes the state in words.</summary>
    public override string ToString() => $"{group}: {Replaced} of {Selected.Count} replaced; {Names(Remaining)} not replaced";
}
