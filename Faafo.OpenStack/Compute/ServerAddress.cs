using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>An address of a server.</summary>
public sealed record ServerAddress
{
    /// <summary>The address.</summary>
    [JsonPropertyName("addr")]
    public required string Address { get; init; }

    /// <summary>4 or 6.</summary>
    public int Version { get; init; }

    /// <summary>Where it comes from: one of the server's networks, or a floating address.</summary>
    [JsonPropertyName("OS-EXT-IPS:type")]
    public AddressType? Type { get; init; }

    /// <summary>The MAC address of the port.</summary>
    [JsonPropertyName("OS-EXT-IPS-MAC:mac_addr")]
    public string? MacAddress { get; init; }
}
