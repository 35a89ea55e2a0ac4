using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Faafo.OpenStack.Compute;

/// <summary>A server to be made.</summary>
/// <param name="Name">The name.</param>
/// <param name="ImageId">The image; <c>null</c> to boot from one of <see cref="Volumes"/>.</param>
/// <param name="FlavorId">The flavor.</param>
public sealed record NewServer(string Name, string? ImageId, string FlavorId)
{
    /// <summary>The key pair to put in.</summary>
    public string? KeyName { get; init; }

    /// <summary>What cloud-init gets.</summary>
    public UserData? UserData { get; init; }

    /// <summary>The security groups, by name or id; none given means <c>default</c>.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>The networks.</summary>
    public ServerNetworks Networks { get; init; } = ServerNetworks.Auto;

    /// <summary>The metadata: keys and values of at most 255 characters.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The tags: at most 49 of 60 characters without "/" and ",". They are what a list can be filtered by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Volumes to boot from or to attach.</summary>
    public IReadOnlyList<BootVolume> Volumes { get; init; } = [];

    /// <summary>The server group that says what may share a host.</summary>
    public string? ServerGroupId { get; init; }

    /// <summary>The zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>Whether user data also comes on a disk, for networks without a metadata service.</summary>
    public bool? ConfigDrive { get; init; }

    /// <summary>
    /// A text that is unique to this wish, kept in the tag <c>nonce-{text}</c>. Creating twice with the same nonce gives the same server:
    /// a program that stores it first can be killed at any time. Without one the library makes one, which covers lost replies.
    /// </summary>
    public string? Nonce { get; init; }

    internal byte[] ToJson(string? nonceTag, int count, bool knowsNetworkWords = true) => Json.Write(json =>
    {
        json.WriteStartObject("server");
        json.WriteString("name", Name);
        json.WriteString("flavorRef", FlavorId);
        WriteText(json, "imageRef", ImageId);
        WriteText(json, "key_name", KeyName);
        WriteText(json, "user_data", UserData?.Encoded);
        WriteText(json, "availability_zone", AvailabilityZone);
        if (ConfigDrive is { } drive)
        {
            json.WriteBoolean("config_drive", drive);
        }

        WriteObjects(json, "security_groups", SecurityGroups, group => json.WriteString("name", group));
        WriteTags(json, nonceTag);
        if (knowsNetworkWords || Networks != ServerNetworks.Auto)
        {
            Networks.Write(json);
        }

        WriteObjects(json, "block_device_mapping_v2", Volumes, volume => volume.Write(json));
        if (Metadata.Count > 0)
        {
            json.WriteStartObject("metadata");
            foreach (var (key, value) in Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        if (count > 1)
        {
            json.WriteNumber("min_count", count);
            json.WriteNumber("max_count", count);
        }

        json.WriteEndObject();
        if (ServerGroupId is not null)
        {
            // Beside the server, not within.
            json.WriteStartObject("os:scheduler_hints");
            json.WriteString("group", ServerGroupId);
            json.WriteEndObject();
        }
    });

    private void WriteTags(Utf8JsonWriter json, string? nonceTag)
    {
        if (nonceTag is null)
        {
            return;
        }

        json.WriteStartArray("tags");
        foreach (var tag in Tags.Append(nonceTag))
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteObjects<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <summary>What cloud-init gets. <c>ToString</c> does not show it, since it often has passwords within.</summary>
public sealed record UserData
{
    private const int Limit = 65_535;

    private UserData(byte[] content)
    {
        Encoded = Convert.ToBase64String(content);
        if (Encoded.Length > Limit)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"User data takes {Encoded.Length} characters in base64; Nova accepts {Limit}."), nameof(content));
        }
    }

    internal string Encoded { get; }

    /// <summary>A script, which starts with <c>#!</c>, or a cloud-config. Line ends become those of Unix.</summary>
    /// <exception cref="ArgumentException">It is longer than 65,535 characters in base64 (about 49,150 bytes).</exception>
    public static UserData Script(string text) => new(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));

    /// <summary>Any bytes, such as a compressed script.</summary>
    /// <exception cref="ArgumentException">They are longer than 65,535 characters in base64 (about 49,150 bytes).</exception>
    public static UserData Bytes(ReadOnlySpan<byte> content) => new(content.ToArray());

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"Length = {Encoded.Length}");
        return true;
    }
}

/// <summary>The networks of a server.</summary>
public sealed record ServerNetworks
{
    private readonly string? _word;
    private readonly IReadOnlyList<(string Key, string Id)> _ports = [];

    private ServerNetworks(string word) => _word = word;

    private ServerNetworks(IReadOnlyList<(string Key, string Id)> ports) => _ports = ports;

    /// <summary>The project's only network; an error when it has several.</summary>
    public static ServerNetworks Auto { get; } = new("auto");

    /// <summary>No network at all.</summary>
    public static ServerNetworks None { get; } = new("none");

    /// <summary>A new port in each of these networks, by id.</summary>
    public static ServerNetworks Of(params IEnumerable<string> networkIds) => new([.. networkIds.Select(id => ("uuid", id))]);

    /// <summary>Ports that exist already, by id.</summary>
    public static ServerNetworks Ports(params IEnumerable<string> portIds) => new([.. portIds.Select(id => ("port", id))]);

    internal void Write(Utf8JsonWriter json)
    {
        if (_word is not null)
        {
            json.WriteString("networks", _word);
            return;
        }

        json.WriteStartArray("networks");
        foreach (var (key, id) in _ports)
        {
            json.WriteStartObject();
            json.WriteString(key, id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <summary>A disk of a new server.</summary>
/// <param name="SourceType"><c>volume</c>, <c>image</c>, <c>snapshot</c> or <c>blank</c>.</param>
/// <param name="SourceId">The id of the source; <c>null</c> for <c>blank</c>.</param>
public sealed record BootVolume(string SourceType, string? SourceId)
{
    /// <summary>The order among the disks to boot from; 0 comes first, -1 is never booted from.</summary>
    public int BootIndex { get; init; } = -1;

    /// <summary>The size in GiB, for sources other than <c>volume</c>.</summary>
    public int? SizeGiB { get; init; }

    /// <summary>Whether the volume goes with the server.</summary>
    public bool DeleteOnTermination { get; init; }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteString("source_type", SourceType);
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
