using System.Text;

namespace Faafo.OpenStack;

/// <summary>What proves to Keystone who is asking. No credential shows its secret in <c>ToString</c>.</summary>
public abstract record Credential
{
    private protected Credential()
    {
    }

    /// <summary>The name of the method in clouds.yaml.</summary>
    public abstract string AuthType { get; }
}

/// <summary>A domain, by id or by name.</summary>
/// <param name="Id">The id, such as <c>default</c>.</param>
/// <param name="Name">The name, such as <c>Default</c>; needed only without an id.</param>
public sealed record DomainReference(string? Id = null, string? Name = null);

/// <summary>A user with a password. A user's name is unique only within a domain.</summary>
public sealed record PasswordCredential : Credential
{
    /// <inheritdoc/>
    public override string AuthType => "password";

    /// <summary>The user's id; or else <see cref="UserName"/> and <see cref="UserDomain"/>.</summary>
    public string? UserId { get; init; }

    /// <summary>The user's name.</summary>
    public string? UserName { get; init; }

    /// <summary>The domain of <see cref="UserName"/>.</summary>
    public DomainReference? UserDomain { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"User = {UserId ?? UserName}, UserDomain = {UserDomain}, Password = ***");
        return true;
    }
}

/// <summary>A token that someone else got. It can be rescoped, but once it has expired nobody can renew it.</summary>
public sealed record TokenCredential : Credential
{
    /// <inheritdoc/>
    public override string AuthType => "token";

    /// <summary>The token.</summary>
    public required string Token { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Token = ***");
        return true;
    }
}

/// <summary>An application credential: made for programs, bound to one project, revocable on its own.</summary>
public sealed record ApplicationCredential : Credential
{
    /// <inheritdoc/>
    public override string AuthType => "v3applicationcredential";

    /// <summary>The credential's id; or else <see cref="Name"/> with a user.</summary>
    public string? Id { get; init; }

    /// <summary>The credential's name, unique only within its user.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the user that <see cref="Name"/> belongs to.</summary>
    public string? UserId { get; init; }

    /// <summary>The name of the user that <see cref="Name"/> belongs to.</summary>
    public string? UserName { get; init; }

    /// <summary>The domain of <see cref="UserName"/>.</summary>
    public DomainReference? UserDomain { get; init; }

    /// <summary>The secret.</summary>
    public required string Secret { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Id = {Id}, Name = {Name}, User = {UserId ?? UserName}, Secret = ***");
        return true;
    }
}

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
