namespace Faafo.OpenStack;

/// <summary>No resource has that name or id.</summary>
public sealed class NameNotFoundException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="resource">The kind of resource, such as <c>image</c>.</param>
    /// <param name="nameOrId">The name or id.</param>
    public NameNotFoundException(string resource, string nameOrId)
        : base($"there is no {resource} with the name or id '{nameOrId}'") => NameOrId = nameOrId;

    /// <summary>The name or id.</summary>
    public string NameOrId { get; }
}
