using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A rule of a security group.</summary>
public sealed record SecurityGroupRule
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The group.</summary>
    public string? SecurityGroupId { get; init; }

    /// <summary><c>ingress</c> or <c>egress</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>IPv4 or IPv6.</summary>
    [JsonPropertyName("ethertype")]
    public string? EtherType { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c>, <c>icmp</c> and others; <c>null</c> for all.</summary>
    public string? Protocol { get; init; }

    /// <summary>The first port; <c>null</c> for all.</summary>
    public int? PortRangeMin { get; init; }

    /// <summary>The last port; <c>null</c> for all.</summary>
    public int? PortRangeMax { get; init; }

    /// <summary>The other side's addresses.</summary>
    public string? RemoteIpPrefix { get; init; }

    /// <summary>The other side's security group.</summary>
    public string? RemoteGroupId { get; init; }
}
