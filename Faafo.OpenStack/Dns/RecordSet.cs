using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>All records of one name and type, such as the addresses of a host.</summary>
public sealed record RecordSet : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name with its final dot, such as <c>app.example.org.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A, AAAA, CNAME, MX, TXT and others; unique for a name.</summary>
    public required RecordType Type { get; init; }

    /// <summary>The values, such as addresses.</summary>
    public IReadOnlyList<string> Records { get => field ?? []; init; }

    /// <summary>How long other servers may cache the records; <c>null</c> for the zone's.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Ttl { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The id of the zone.</summary>
    public string? ZoneId { get; init; }

    /// <summary>The name of the zone.</summary>
    public string? ZoneName { get; init; }

    /// <summary>ACTIVE, PENDING or ERROR: whether the name servers have the latest change.</summary>
    public required DnsStatus Status { get; init; }

    /// <summary>The change that is in progress: CREATE, UPDATE, DELETE or NONE.</summary>
    public string? Action { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
