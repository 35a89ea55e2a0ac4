using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A subnet: a range of addresses in a network.</summary>
public sealed record Subnet : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The network.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The range, such as <c>10.0.1.0/24</c>.</summary>
    public required string Cidr { get; init; }

    /// <summary>4 or 6.</summary>
    public int IpVersion { get; init; }

    /// <summary>The router's address, if there is one.</summary>
    [JsonPropertyName("gateway_ip")]
    public string? GatewayIP { get; init; }

    /// <summary>Whether DHCP is enabled.</summary>
    public bool EnableDhcp { get; init; }

    /// <summary>The name servers.</summary>
    public IReadOnlyList<string> DnsNameservers { get => field ?? []; init; }

    /// <summary>The ranges that addresses are taken from.</summary>
    public IReadOnlyList<AllocationPool> AllocationPools { get => field ?? []; init; }

    /// <summary>The routes that DHCP gives to servers.</summary>
    public IReadOnlyList<Route> HostRoutes { get => field ?? []; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project under its older name.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}
