using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>A volume to be attached to a server.</summary>
/// <param name="VolumeId">The volume's id.</param>
public sealed record NewVolumeAttachment([property: JsonPropertyName("volumeId")] string VolumeId)
{
    /// <summary>The device, such as <c>/dev/vdb</c>; <c>null</c> for the next one. KVM ignores it.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// A tag of at most 60 characters without "/" and "," by which the guest finds the device in its metadata (from microversion 2.49 on).
    /// </summary>
    public string? Tag { get; init; }

    /// <summary>
    /// Whether Nova deletes the volume with the server (from microversion 2.79 on); <c>null</c> for Nova's default, which keeps it.
    /// </summary>
    public bool? DeleteOnTermination { get; init; }
}
