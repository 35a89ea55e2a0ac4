namespace Faafo.OpenStack;

/// <summary>A resource failed during a wait.</summary>
public sealed class ResourceFailedException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="resource">The kind of resource, such as <c>server</c>.</param>
    /// <param name="id">The id.</param>
    /// <param name="status">The failed status.</param>
    /// <param name="fault">The service's message about the failure.</param>
    public ResourceFailedException(string resource, string id, string status, string? fault)
        : base($"{resource} {id} is {status}" + (fault is null ? "" : $": {fault}"))
    {
        Resource = resource;
        Id = id;
        Status = status;
        Fault = fault;
    }

    /// <summary>The kind of resource, such as <c>server</c>.</summary>
    public string Resource { get; }

    /// <summary>The id of the resource.</summary>
    public string Id { get; }

    /// <summary>The failed status, such as <c>ERROR</c>.</summary>
    public string Status { get; }

    /// <summary>The service's message about the failure, and the end of the console if there is one.</summary>
    public string? Fault { get; }
}
