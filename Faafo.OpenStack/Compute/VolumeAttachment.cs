using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>The attachment of a volume to a server.</summary>
public sealed record VolumeAttachment : ServiceResource
{
    /// <summary>The volume's id.</summary>
    [JsonPropertyName("volumeId")]
    public required string VolumeId { get; init; }

    /// <summary>The server's id.</summary>
    [JsonPropertyName("serverId")]
    public string? ServerId { get; init; }

    /// <summary>The requested device, such as <c>/dev/vdb</c>; the guest may use another.</summary>
    public string? Device { get; init; }

    /// <summary>The tag of the device (from microversion 2.70 on).</summary>
    public string? Tag { get; init; }

    /// <summary>Whether Nova deletes the volume with the server (from microversion 2.79 on).</summary>
    [JsonConverter(typeof(NullAsFalseConverter))]
    public bool DeleteOnTermination { get; init; }
}
