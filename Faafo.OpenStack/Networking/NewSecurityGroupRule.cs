using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A rule to create; <see cref="Ingress"/> has the usual ones.</summary>
public sealed record NewSecurityGroupRule
{
    /// <summary>The direction.</summary>
    public RuleDirection Direction { get; init; } = RuleDirection.Ingress;

    /// <summary>The version of IP.</summary>
    [JsonPropertyName("ethertype")]
    public EtherType EtherType { get; init; } = EtherType.IPv4;

    /// <summary>The protocol; <c>null</c> for all.</summary>
    public RuleProtocol? Protocol { get; init; }

    /// <summary>The first port, 1 to 65535; <c>null</c> for all.</summary>
    public int? PortRangeMin { get; init; }

    /// <summary>The last port, 1 to 65535; <c>null</c> for all.</summary>
    public int? PortRangeMax { get; init; }

    /// <summary>The addresses of the other side, such as <c>10.0.0.0/8</c>; <c>null</c> for all.</summary>
    public string? RemoteIpPrefix { get; init; }

    /// <summary>The other side's security group, by id.</summary>
    public string? RemoteGroupId { get; init; }

    /// <summary>The same rule for traffic from members of a group only.</summary>
    public NewSecurityGroupRule From(SecurityGroup group) => this with { RemoteGroupId = group.Id, RemoteIpPrefix = null };

    /// <summary>The same rule for traffic from some addresses only.</summary>
    public NewSecurityGroupRule From(string cidr) => this with { RemoteIpPrefix = cidr, RemoteGroupId = null };

    internal bool IsSatisfiedBy(SecurityGroupRule rule) =>
        rule.Direction == Direction && rule.EtherType == EtherType && rule.Protocol == Protocol
        && rule.PortRangeMin == PortRangeMin && rule.PortRangeMax == PortRangeMax
        && rule.RemoteGroupId == RemoteGroupId && (rule.RemoteIpPrefix ?? "0.0.0.0/0") == (RemoteIpPrefix ?? "0.0.0.0/0");
}
