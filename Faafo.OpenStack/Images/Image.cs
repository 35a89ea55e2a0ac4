using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Images;

/// <summary>An image.</summary>
public sealed record Image
{
    private const long GiB = 1L << 30;

    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique and may be missing.</summary>
    public string? Name { get; init; }

    /// <summary>queued, saving, active, killed, deleted, pending_delete, deactivated.</summary>
    public required string Status { get; init; }

    /// <summary>public, private, shared or community.</summary>
    public string? Visibility { get; init; }

    /// <summary>The size in bytes; <c>null</c> before the content is uploaded.</summary>
    public long? Size { get; init; }

    /// <summary>The MD5 of the content.</summary>
    public string? Checksum { get; init; }

    /// <summary>raw, qcow2 and others.</summary>
    public string? DiskFormat { get; init; }

    /// <summary>The least root disk in GiB, as set by the owner; Glance's default is 0.</summary>
    public int MinDisk { get; init; }

    /// <summary>
    /// The root disk in GiB that a server needs: <see cref="MinDisk"/>, or the image's size if that is larger.
    /// </summary>
    [JsonIgnore]
    public long RequiredDisk => Math.Max(MinDisk, ((Size ?? 0) + GiB - 1) / GiB);

    /// <summary>The least memory in MiB.</summary>
    public int MinRam { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }
}
