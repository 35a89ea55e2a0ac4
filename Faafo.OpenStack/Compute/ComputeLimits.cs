using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>The project's limits (-1: unlimited) and what it uses of them.</summary>
public sealed record ComputeLimits
{
    /// <summary>The most servers.</summary>
    [JsonPropertyName("maxTotalInstances")]
    public int MaxInstances { get; init; }

    /// <summary>The number of servers.</summary>
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

    /// <summary>The most key pairs per user.</summary>
    [JsonPropertyName("maxTotalKeypairs")]
    public int MaxKeyPairs { get; init; }
}
