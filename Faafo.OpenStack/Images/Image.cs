using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Images;

/// <summary>An image.</summary>
public sealed record Image : ServiceResource
{
    private const long GiB = 1L << 30;

    // Glance writes an owner's properties beside its own, which this record does not read.
    private static readonly HashSet<string> GlanceProperties =
    [
        "self", "file", "schema", "virtual_size", "direct_url", "locations", "os_hash_algo", "os_hash_value", "stores",
    ];

    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique and may be missing.</summary>
    public string? Name { get; init; }

    /// <summary>The status.</summary>
    public required ImageStatus Status { get; init; }

    /// <summary>Who may use it.</summary>
    public ImageVisibility? Visibility { get; init; }

    /// <summary>The size in bytes; <c>null</c> before the content is uploaded.</summary>
    public long? Size { get; init; }

    /// <summary>The MD5 of the content.</summary>
    public string? Checksum { get; init; }

    /// <summary>The format.</summary>
    public DiskFormat? DiskFormat { get; init; }

    /// <summary>The least root disk in GiB, as set by the owner; Glance's default is 0.</summary>
    public int MinDisk { get; init; }

    /// <summary>
    /// The root disk in GiB that a server needs: <see cref="MinDisk"/>, or the image's size if that is larger.
    /// </summary>
    [JsonIgnore]
    public long RequiredDisk => Math.Max(MinDisk, ((Size ?? 0) + GiB - 1) / GiB);

    /// <summary>The least memory in MiB.</summary>
    public int MinRam { get; init; }

    /// <summary>bare, ovf, ova and others.</summary>
    public ContainerFormat? ContainerFormat { get; init; }

    /// <summary>The id of the project that owns it.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether it cannot be deleted.</summary>
    [JsonPropertyName("protected")]
    public bool IsProtected { get; init; }

    /// <summary>Whether lists leave it out.</summary>
    [JsonPropertyName("os_hidden")]
    public bool IsHidden { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }

    /// <summary>The further properties that its owner set, such as <c>hw_disk_bus</c> or <c>os_distro</c>.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Properties => (Unread ?? [])
        .Where(item => !GlanceProperties.Contains(item.Key) && item.Value.ValueKind == JsonValueKind.String)
        .ToDictionary(item => item.Key, item => item.Value.GetString()!);

    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? Unread { get; set; }
}
