namespace Faafo.OpenStack.Identity;

/// <summary>An application credential to be created.</summary>
/// <param name="Name">The name, unique for the user.</param>
public sealed record NewApplicationCredential(string Name)
{
    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>Its roles; <c>null</c> for all roles of the session.</summary>
    public IReadOnlyList<NamedReference>? Roles { get; init; }
}
