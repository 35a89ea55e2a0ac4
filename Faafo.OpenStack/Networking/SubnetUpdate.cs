using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>
/// Changes to a subnet; <c>null</c> leaves a property unchanged. See also <see cref="NetworkingService.ClearSubnetGatewayAsync"/>.
/// </summary>
public sealed record SubnetUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The router's address.</summary>
    [JsonPropertyName("gateway_ip")]
    public string? GatewayIP { get; init; }

    /// <summary>Whether DHCP is enabled.</summary>
    public bool? EnableDhcp { get; init; }

    /// <summary>The name servers; empty for none.</summary>
    public IReadOnlyList<string>? DnsNameservers { get; init; }

    /// <summary>The ranges that addresses are taken from.</summary>
    public IReadOnlyList<AllocationPool>? AllocationPools { get; init; }

    /// <summary>The routes that DHCP gives to servers; empty for none.</summary>
    public IReadOnlyList<Route>? HostRoutes { get; init; }
}
