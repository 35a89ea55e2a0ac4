namespace Faafo.OpenStack;

/// <summary>The scope of a token: one project, one domain, the system, or none.</summary>
public abstract record AuthScope
{
    private protected AuthScope()
    {
    }

    /// <summary>No scope: Keystone uses the user's default project; without one the token has no catalog.</summary>
    public static AuthScope None { get; } = new NoScope();

    /// <summary>The whole system, for administrators.</summary>
    public static AuthScope System { get; } = new SystemScope();

    /// <summary>Scopes to a project by id.</summary>
    public static AuthScope Project(string id) => new ProjectScope(id, null, null);

    /// <summary>Scopes to a project by name, which is unique only within a domain.</summary>
    public static AuthScope Project(string name, DomainReference domain) => new ProjectScope(null, name, domain);

    /// <summary>Scopes to a domain.</summary>
    public static AuthScope Domain(DomainReference domain) => new DomainScope(domain);

    /// <summary>Scopes to what a trust delegates to the user: a project and roles of another user.</summary>
    public static AuthScope Trust(string id) => new TrustScope(id);

    internal sealed record TrustScope(string Id) : AuthScope;

    internal sealed record NoScope : AuthScope;

    internal sealed record SystemScope : AuthScope;

    internal sealed record ProjectScope(string? Id, string? Name, DomainReference? OwningDomain) : AuthScope;

    internal sealed record DomainScope(DomainReference Target) : AuthScope;
}
