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
