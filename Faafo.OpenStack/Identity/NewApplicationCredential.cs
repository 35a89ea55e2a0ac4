namespace Faafo.OpenStack.Identity;

/// <summary>An application credential to be made.</summary>
/// <param name="Name">The name, the user's only one of it.</param>
public sealed record NewApplicationCredential(string Name)
{
    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The roles it has; <c>null</c> for all that the session has.</summary>
    public IReadOnlyList<NamedReference>? Roles { get; init; }
}
