using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Identity;

/// <summary>An application credential.</summary>
public sealed record ApplicationCredentialInfo : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, unique for the user.</summary>
    public required string Name { get; init; }

    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>The id of the project it is bound to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Its roles.</summary>
    public IReadOnlyList<NamedReference> Roles { get => field ?? []; init; }

    /// <summary>When it expires; <c>null</c> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The only requests that its tokens may be used for; <c>null</c> for all that its roles allow.</summary>
    public IReadOnlyList<AccessRule>? AccessRules { get; init; }

    /// <summary>Whether a program with this credential may itself create and delete application credentials.</summary>
    [JsonConverter(typeof(NullAsFalseConverter))]
    public bool Unrestricted { get; init; }

    /// <summary>The secret, only in the reply that created it.</summary>
    public string? Secret { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append($"Id = {Id}, Name = {Name}, ProjectId = {ProjectId}");
        return true;
    }
}
