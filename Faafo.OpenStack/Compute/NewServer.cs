using System.Text.Json;

namespace Faafo.OpenStack.Compute;

/// <summary>A server to be created.</summary>
/// <param name="Name">The name.</param>
/// <param name="ImageId">The image; <c>null</c> to boot from one of <see cref="Volumes"/>.</param>
/// <param name="FlavorId">The flavor.</param>
public sealed record NewServer(string Name, string? ImageId, string FlavorId)
{
    /// <summary>The name of the key pair whose public key is installed.</summary>
    public string? KeyName { get; init; }

    /// <summary>The input of cloud-init.</summary>
    public UserData? UserData { get; init; }

    /// <summary>The security groups, by name or id; empty for <c>default</c>.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>The networks.</summary>
    public ServerNetworks Networks { get; init; } = ServerNetworks.Auto;

    /// <summary>The metadata: keys and values of at most 255 characters.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The tags: at most 49 of 60 characters without "/" and ",". Lists of servers can be filtered by them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The volumes to boot from or to attach.</summary>
    public IReadOnlyList<BootVolume> Volumes { get; init; } = [];

    /// <summary>The server group that decides which servers may share a host.</summary>
    public string? ServerGroupId { get; init; }

    /// <summary>The availability zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>Whether user data is also provided on a disk, for networks without a metadata service.</summary>
    public bool? ConfigDrive { get; init; }

    /// <summary>
    /// An idempotency key, kept in the tag <c>nonce-{text}</c>: creating twice with the same nonce returns the same server, so that a
    /// program that stores it first can be killed at any time. <c>null</c> generates one, which covers lost replies.
    /// </summary>
    public string? Nonce { get; init; }

    internal byte[] ToJson(string? nonceTag, int count, bool hasNetworkWords = true) => Json.Write(json =>
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
        if (hasNetworkWords || Networks != ServerNetworks.Auto)
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
            // Hints are a sibling of "server".
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
