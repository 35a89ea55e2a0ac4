namespace Faafo.OpenStack;

/// <summary>Several resources have that name; an id is needed.</summary>
public sealed class AmbiguousNameException : OpenStackException
{
    internal AmbiguousNameException(string resource, string name, IReadOnlyList<string> ids)
        : base($"{ids.Count} {resource}s are named '{name}': {string.Join(", ", ids)}; use an id") => Ids = ids;

    /// <summary>The ids of all resources with that name.</summary>
    public IReadOnlyList<string> Ids { get; }
}
