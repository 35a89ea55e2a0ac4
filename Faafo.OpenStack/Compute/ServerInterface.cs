using System.Text.Json.Serialization;
using Faafo.OpenStack.Networking;

namespace Faafo.OpenStack.Compute;

/// <summary>A port of a server.</summary>
public sealed record ServerInterface : ServiceResource
{
    /// <summary>The port's id.</summary>
    public required string PortId { get; init; }

    /// <summary>The network's id.</summary>
    [JsonPropertyName("net_id")]
    public string? NetworkId { get; init; }

    /// <summary>The MAC address.</summary>
    [JsonPropertyName("mac_addr")]
    public string? MacAddress { get; init; }

    /// <summary>The status of the port.</summary>
    public PortStatus? PortState { get; init; }
}
