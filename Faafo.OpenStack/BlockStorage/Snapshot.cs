using System.Text.Json.Serialization;

namespace Faafo.OpenStack.BlockStorage;

/// <summary>A snapshot of a volume.</summary>
public sealed record Snapshot : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string? Name { get; init; }

    /// <summary>The status.</summary>
    public required SnapshotStatus Status { get; init; }

    /// <summary>The volume's id.</summary>
    public required string VolumeId { get; init; }

    /// <summary>The project it belongs to; <c>null</c> if the cloud does not show it.</summary>
    [JsonPropertyName("os-extended-snapshot-attributes:project_id")]
    public string? ProjectId { get; init; }

    /// <summary>The size in GiB.</summary>
    public int Size { get; init; }

    /// <summary>The metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
