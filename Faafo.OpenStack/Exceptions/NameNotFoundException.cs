namespace Faafo.OpenStack;

/// <summary>No resource has that name or id.</summary>
public sealed class NameNotFoundException : OpenStackException
{
    internal NameNotFoundException(string resource, string nameOrId)
        : base($"there is no {resource} with the name or id '{nameOrId}'") => NameOrId = nameOrId;

    /// <summary>The name or id.</summary>
    public string NameOrId { get; }
}
