namespace Faafo.Nodes;

/// <summary>The minimum and maximum size of a group.</summary>
/// <param name="Group">The name of the group.</param>
/// <param name="Min">The fewest instances, 0 or more.</param>
/// <param name="Max">The most instances, at least <paramref name="Min"/>.</param>
public sealed record GroupLimits(string Group, int Min, int Max);
