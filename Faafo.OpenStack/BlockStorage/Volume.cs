using System.Text.Json.Serialization;

namespace Faafo.OpenStack.BlockStorage;

/// <summary>A volume.</summary>
public sealed record Volume : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string? Name { get; init; }

    /// <summary>The status.</summary>
    public required VolumeStatus Status { get; init; }

    /// <summary>The size in GiB.</summary>
    public int Size { get; init; }

    /// <summary>The name of its volume type.</summary>
    public string? VolumeType { get; init; }

    /// <summary>The availability zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>Whether a server can boot from it, as the string <c>true</c> or <c>false</c>.</summary>
    public string? Bootable { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The servers it is attached to.</summary>
    public IReadOnlyList<VolumeServer> Attachments { get => field ?? []; init; }

    /// <summary>The project it belongs to; <c>null</c> if the cloud does not show it.</summary>
    [JsonPropertyName("os-vol-tenant-attr:tenant_id")]
    public string? ProjectId { get; init; }

    /// <summary>The metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get => field ?? new Dictionary<string, string>(); init; }
}
