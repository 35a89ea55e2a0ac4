using System.Text;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>A size of server.</summary>
public sealed record Flavor
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of virtual processors.</summary>
    public int Vcpus { get; init; }

    /// <summary>The memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>The root disk in GiB.</summary>
    public int Disk { get; init; }
}

/// <summary>A key pair of a user. <c>ToString</c> does not show the private key.</summary>
public sealed record KeyPair
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The public key in OpenSSH's format.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The fingerprint of the public key.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The private key, known only to the reply that created the pair: a secret.</summary>
    public string? PrivateKey { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Name = {Name}, Fingerprint = {Fingerprint}");
        return true;
    }
}

/// <summary>What the project may use (-1: without limit), and what it uses.</summary>
public sealed record ComputeLimits
{
    /// <summary>The most servers.</summary>
    [JsonPropertyName("maxTotalInstances")]
    public int MaxInstances { get; init; }

    /// <summary>The servers there are.</summary>
    [JsonPropertyName("totalInstancesUsed")]
    public int InstancesUsed { get; init; }

    /// <summary>The most virtual processors.</summary>
    [JsonPropertyName("maxTotalCores")]
    public int MaxCores { get; init; }

    /// <summary>The virtual processors in use.</summary>
    [JsonPropertyName("totalCoresUsed")]
    public int CoresUsed { get; init; }

    /// <summary>The most memory in MiB.</summary>
    [JsonPropertyName("maxTotalRAMSize")]
    public int MaxRam { get; init; }

    /// <summary>The memory in use in MiB.</summary>
    [JsonPropertyName("totalRAMUsed")]
    public int RamUsed { get; init; }

    /// <summary>The most key pairs of a user.</summary>
    [JsonPropertyName("maxTotalKeypairs")]
    public int MaxKeyPairs { get; init; }
}

/// <summary>The quotas of a project; -1 is without limit.</summary>
public sealed record ComputeQuotas
{
    /// <summary>Servers.</summary>
    public int Instances { get; init; }

    /// <summary>Virtual processors.</summary>
    public int Cores { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>Key pairs of a user.</summary>
    public int KeyPairs { get; init; }

    /// <summary>Server groups.</summary>
    public int ServerGroups { get; init; }
}

/// <summary>Servers that share a host, or must not.</summary>
public sealed record ServerGroup
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The policy, from microversion 2.64 on.</summary>
    public string? Policy { get; init; }

    /// <summary>The policies, before microversion 2.64.</summary>
    public IReadOnlyList<string> Policies { get => field ?? []; init; }

    /// <summary>The ids of the servers in it.</summary>
    public IReadOnlyList<string> Members { get => field ?? []; init; }
}

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

/// <summary>A port at a server.</summary>
public sealed record ServerInterface
{
    /// <summary>The port's id.</summary>
    public required string PortId { get; init; }

    /// <summary>The network's id.</summary>
    [JsonPropertyName("net_id")]
    public string? NetworkId { get; init; }

    /// <summary>The MAC address.</summary>
    [JsonPropertyName("mac_addr")]
    public string? MacAddress { get; init; }

    /// <summary>ACTIVE, DOWN and others.</summary>
    public string? PortState { get; init; }
}

internal sealed record CreatedServer
{
    public required string Id { get; init; }

    [JsonPropertyName("adminPass")]
    public string? AdminPass { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Id = {Id}");
        return true;
    }
}

internal sealed record KeyPairItem(KeyPair Keypair);

internal sealed record LimitsReply(ComputeLimits Absolute);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Server))]
[JsonSerializable(typeof(CreatedServer))]
[JsonSerializable(typeof(Flavor))]
[JsonSerializable(typeof(KeyPair))]
[JsonSerializable(typeof(KeyPairItem))]
[JsonSerializable(typeof(LimitsReply))]
[JsonSerializable(typeof(ComputeQuotas))]
[JsonSerializable(typeof(ServerGroup))]
[JsonSerializable(typeof(VolumeAttachment))]
[JsonSerializable(typeof(ServerInterface))]
[JsonSerializable(typeof(string))]
internal sealed partial class ComputeJson : JsonSerializerContext;
