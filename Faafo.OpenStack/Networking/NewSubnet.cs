using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A subnet to create.</summary>
/// <param name="NetworkId">The network.</param>
/// <param name="Cidr">The range, such as <c>10.0.1.0/24</c>.</param>
public sealed record NewSubnet(string NetworkId, string Cidr)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>4 or 6.</summary>
    public int IpVersion { get; init; } = 4;

    /// <summary>The router's address; <c>null</c> for the first of the range.</summary>
    [JsonPropertyName("gateway_ip")]
    public string? GatewayIP { get; init; }

    /// <summary>The name servers.</summary>
    public IReadOnlyList<string>? DnsNameservers { get; init; }
}
