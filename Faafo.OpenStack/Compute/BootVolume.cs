using System.Text.Json;

namespace Faafo.OpenStack.Compute;

/// <summary>A disk of a new server.</summary>
/// <param name="SourceType">The kind of source that the disk is filled from.</param>
/// <param name="SourceId">The id of the source; <c>null</c> for <see cref="BootSource.Blank"/>.</param>
public sealed record BootVolume(BootSource SourceType, string? SourceId)
{
    /// <summary>The position among the disks to boot from: 0 is the first; -1 is never booted from.</summary>
    public int BootIndex { get; init; } = -1;

    /// <summary>The size in GiB, for sources other than <c>volume</c>.</summary>
    public int? SizeGiB { get; init; }

    /// <summary>Whether Nova deletes the volume with the server.</summary>
    public bool DeleteOnTermination { get; init; }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteString("source_type", SourceType.Value);
        json.WriteString("destination_type", "volume");
        json.WriteNumber("boot_index", BootIndex);
        json.WriteBoolean("delete_on_termination", DeleteOnTermination);
        if (SourceId is not null)
        {
            json.WriteString("uuid", SourceId);
        }
        if (SizeGiB is { } size)
        {
            json.WriteNumber("volume_size", size);
        }
    }
}
