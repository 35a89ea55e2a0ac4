namespace Faafo.OpenStack;

/// <summary>Several resources have that name; an id is needed.</summary>
public sealed class AmbiguousNameException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="resource">The kind of resource, such as <c>image</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="ids">The ids of all resources with that name.</param>
    public AmbiguousNameException(string resource, string name, IReadOnlyList<string> ids)
        : base($"{ids.Count} {resource}s are named '{name}': {string.Join(", ", ids)}; use an id") => Ids = ids;

    /// <summary>The ids of all resources with that name.</summary>
    public IReadOnlyList<string> Ids { get; }
}
