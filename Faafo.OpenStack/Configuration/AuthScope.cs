namespace Faafo.OpenStack;

/// <summary>What a token is good for: one project, one domain, the system, or nothing in particular.</summary>
public abstract record AuthScope
{
    private protected AuthScope()
    {
    }

    /// <summary>No scope asked for: Keystone takes the user's default project, or else the token has no catalog.</summary>
    public static AuthScope None { get; } = new NoScope();

    /// <summary>The whole system, for its administrators.</summary>
    public static AuthScope System { get; } = new SystemScope();

    /// <summary>A project by id.</summary>
    public static AuthScope Project(string id) => new ProjectScope(id, null, null);

    /// <summary>A project by name, which is unique only within a domain.</summary>
    public static AuthScope Project(string name, DomainReference domain) => new ProjectScope(null, name, domain);

    /// <summary>A domain.</summary>
    public static AuthScope Domain(DomainReference domain) => new DomainScope(domain);

    internal sealed record NoScope : AuthScope;

    internal sealed record SystemScope : AuthScope;

    internal sealed record ProjectScope(string? Id, string? Name, DomainReference? OwningDomain) : AuthScope;

    internal sealed record DomainScope(DomainReference Target) : AuthScope;
}
