using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>A port of a server.</summary>
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
