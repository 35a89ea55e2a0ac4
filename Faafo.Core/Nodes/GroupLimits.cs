namespace Faafo.Nodes;

/// <summary>How many instances a group may have.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Min">Fewest, 0 or more.</param>
/// <param name="Max">Most, at least <paramref name="Min"/>.</param>
public sealed record GroupLimits(string Group, int Min, int Max);
