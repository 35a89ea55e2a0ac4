namespace Faafo.OpenStack.Identity;

/// <summary>An application credential.</summary>
public sealed record ApplicationCredentialInfo
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, the user's only one of it.</summary>
    public required string Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The project it is good for.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Its roles.</summary>
    public IReadOnlyList<NamedReference> Roles { get => field ?? []; init; }

    /// <summary>When it ends; <c>null</c> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The secret, only in the answer that made it.</summary>
    public string? Secret { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append($"Id = {Id}, Name = {Name}, ProjectId = {ProjectId}");
        return true;
    }
}
