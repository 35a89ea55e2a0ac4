using System.Text;

namespace Faafo.OpenStack;

/// <summary>An application credential: a login for a program, bound to one project and revocable on its own.</summary>
public sealed record ApplicationCredential : Credential
{
    /// <inheritdoc/>
    public override string AuthType => "v3applicationcredential";

    /// <summary>The credential's id; <c>null</c> to use <see cref="Name"/> with a user.</summary>
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
