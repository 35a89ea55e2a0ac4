namespace Faafo.OpenStack;

/// <summary>A name stands for several things, so that an id is needed.</summary>
public sealed class AmbiguousNameException : OpenStackException
{
    internal AmbiguousNameException(string resource, string name, IReadOnlyList<string> ids)
        : base($"{ids.Count} {resource}s are named '{name}': {string.Join(", ", ids)}; use an id") => Ids = ids;

    /// <summary>The ids of all the things of that name.</summary>
    public IReadOnlyList<string> Ids { get; }
}
