namespace Faafo.OpenStack.Identity;

/// <summary>An application credential to be created.</summary>
/// <param name="Name">The name, unique for the user.</param>
public sealed record NewApplicationCredential(string Name)
{
    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>Its roles; <c>null</c> for all roles of the session.</summary>
    public IReadOnlyList<NamedReference>? Roles { get; init; }

    /// <summary>When it expires, to the second; <c>null</c> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// The only requests that its tokens may be used for; <c>null</c> for all that its roles allow. Services that do not know access rules
    /// reject its tokens.
    /// </summary>
    public IReadOnlyList<AccessRule>? AccessRules { get; init; }

    /// <summary>
    /// Whether a program with this credential may itself create and delete application credentials; <c>null</c> for no, Keystone's default.
    /// </summary>
    public bool? Unrestricted { get; init; }
}
