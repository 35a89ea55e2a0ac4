using System.Text;

namespace Faafo.OpenStack;

/// <summary>A user with a password. A user's name is unique only within a domain.</summary>
public sealed record PasswordCredential : Credential
{
    /// <inheritdoc/>
    public override string AuthType => "password";

    /// <summary>The user's id; <c>null</c> to use <see cref="UserName"/> and <see cref="UserDomain"/>.</summary>
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
