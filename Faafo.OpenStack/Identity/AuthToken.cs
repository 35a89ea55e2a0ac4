using System.Text;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

/// <summary>A token with its user, scope and catalog. <c>ToString</c> does not show the token.</summary>
public sealed record AuthToken
{
    /// <summary>The token itself: a secret.</summary>
    [JsonIgnore]
    public string Id { get; init; } = "";

    /// <summary>When Keystone issued it.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The user.</summary>
    public NamedReference? User { get; init; }

    /// <summary>The project it is scoped to, if any.</summary>
    public NamedReference? Project { get; init; }

    /// <summary>The domain it is scoped to, if any.</summary>
    public NamedReference? Domain { get; init; }

    /// <summary>The roles in this scope.</summary>
    public IReadOnlyList<NamedReference> Roles { get => field ?? []; init; }

    /// <summary>The services of the cloud; empty for a token without scope.</summary>
    [JsonConverter(typeof(CatalogConverter))]
    public ServiceCatalog Catalog { get => field ?? new([]); init; }

    /// <summary>The local clock minus Keystone's; <c>null</c> if Keystone sent no date.</summary>
    [JsonIgnore]
    public TimeSpan? ClockSkew { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Id = ***, User = {User?.Name}, Project = {Project?.Name}, ExpiresAt = {ExpiresAt:u}");
        return true;
    }
}
