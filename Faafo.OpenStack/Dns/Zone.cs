using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>A domain that the cloud's name servers answer for.</summary>
public sealed record Zone : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name with its final dot, such as <c>example.org.</c>; unique in the cloud.</summary>
    public required string Name { get; init; }

    /// <summary>The address of the person who is responsible for it.</summary>
    public string? Email { get; init; }

    /// <summary>How long other servers may cache its records.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Ttl { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>PRIMARY or SECONDARY.</summary>
    public string? Type { get; init; }

    /// <summary>ACTIVE, PENDING or ERROR: whether the name servers have the latest change.</summary>
    public required DnsStatus Status { get; init; }

    /// <summary>The change that is in progress: CREATE, UPDATE, DELETE or NONE.</summary>
    public string? Action { get; init; }

    /// <summary>The serial number, which grows with each change.</summary>
    public long? Serial { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
