using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>A volume at a server.</summary>
public sealed record VolumeAttachment
{
    /// <summary>The volume.</summary>
    [JsonPropertyName("volumeId")]
    public required string VolumeId { get; init; }

    /// <summary>The server.</summary>
    [JsonPropertyName("serverId")]
    public string? ServerId { get; init; }

    /// <summary>The device that was asked for, such as <c>/dev/vdb</c>; the guest may choose another.</summary>
    public string? Device { get; init; }
}
