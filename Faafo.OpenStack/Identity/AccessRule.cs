namespace Faafo.OpenStack.Identity;

/// <summary>A kind of request that an application credential may be used for.</summary>
/// <param name="Service">The type of the service in the catalog, such as <c>compute</c>.</param>
/// <param name="Method">GET, HEAD, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">
/// The path below the service's address, such as <c>/v2.1/servers/*</c>: <c>*</c> stands for one segment, <c>**</c> for any number of them.
/// </param>
public sealed record AccessRule(string Service, string Method, string Path)
{
    /// <summary>The id, assigned by Keystone: equal rules of a user share one.</summary>
    public string? Id { get; init; }
}
