using System.Text.Json.Serialization;

namespace Faafo.OpenStack.BlockStorage;

/// <summary>A volume to be created.</summary>
/// <param name="Size">The size in GiB.</param>
public sealed record NewVolume(int Size)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The volume type; <c>null</c> for the cloud's default.</summary>
    public string? VolumeType { get; init; }

    /// <summary>The id of the image to fill it with, so that a server can boot from it.</summary>
    [JsonPropertyName("imageRef")]
    public string? ImageId { get; init; }

    /// <summary>The id of the snapshot to fill it with.</summary>
    public string? SnapshotId { get; init; }

    /// <summary>The availability zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>The metadata.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
