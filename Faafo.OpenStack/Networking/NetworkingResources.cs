using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A network.</summary>
public sealed record Network
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>ACTIVE, DOWN, BUILD or ERROR.</summary>
    public string? Status { get; init; }

    /// <summary>Its subnets' ids.</summary>
    public IReadOnlyList<string> Subnets { get => field ?? []; init; }

    /// <summary>Whether floating addresses come from it.</summary>
    [JsonPropertyName("router:external")]
    public bool IsExternal { get; init; }

    /// <summary>Whether all projects may use it.</summary>
    public bool Shared { get; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }

    /// <summary>The largest packet in bytes.</summary>
    public int? Mtu { get; init; }
}

/// <summary>A range of addresses in a network.</summary>
public sealed record Subnet
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The network it is in.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The range, such as <c>10.0.1.0/24</c>.</summary>
    public required string Cidr { get; init; }

    /// <summary>4 or 6.</summary>
    public int IpVersion { get; init; }

    /// <summary>The router's address, if there is one.</summary>
    public string? GatewayIp { get; init; }

    /// <summary>Whether servers get their addresses by DHCP.</summary>
    public bool EnableDhcp { get; init; }

    /// <summary>The name servers.</summary>
    public IReadOnlyList<string> DnsNameservers { get => field ?? []; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}

/// <summary>A network to be made.</summary>
/// <param name="Name">The name.</param>
public sealed record NewNetwork(string Name)
{
    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}

/// <summary>A subnet to be made.</summary>
/// <param name="NetworkId">The network it is in.</param>
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
    public string? GatewayIp { get; init; }

    /// <summary>The name servers.</summary>
    public IReadOnlyList<string>? DnsNameservers { get; init; }
}

/// <summary>A plug in a network.</summary>
public sealed record Port
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, often empty.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The network.</summary>
    public required string NetworkId { get; init; }

    /// <summary>ACTIVE, DOWN, BUILD or ERROR.</summary>
    public string? Status { get; init; }

    /// <summary>What is plugged in: a server's or router's id.</summary>
    public string? DeviceId { get; init; }

    /// <summary>What kind of thing is plugged in, such as <c>compute:nova</c> or <c>network:router_interface</c>.</summary>
    public string? DeviceOwner { get; init; }

    /// <summary>The addresses.</summary>
    public IReadOnlyList<FixedIp> FixedIps { get => field ?? []; init; }

    /// <summary>The ids of its security groups.</summary>
    public IReadOnlyList<string> SecurityGroups { get => field ?? []; init; }

    /// <summary>The MAC address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}

/// <summary>An address of a port.</summary>
public sealed record FixedIp
{
    /// <summary>The address.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The subnet it is from.</summary>
    public string? SubnetId { get; init; }
}

/// <summary>A port to be made.</summary>
/// <param name="NetworkId">The network.</param>
public sealed record NewPort(string NetworkId)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The ids of its security groups; <c>null</c> for <c>default</c>.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>Addresses to take; <c>null</c> for any.</summary>
    public IReadOnlyList<FixedIp>? FixedIps { get; init; }
}

/// <summary>A router.</summary>
public sealed record Router
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>ACTIVE, DOWN and others.</summary>
    public string? Status { get; init; }

    /// <summary>The external network, if it has one.</summary>
    public GatewayInfo? ExternalGatewayInfo { get; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}

/// <summary>The way out of a router.</summary>
/// <param name="NetworkId">The external network.</param>
public sealed record GatewayInfo(string NetworkId);

/// <summary>A router to be made.</summary>
/// <param name="Name">The name.</param>
public sealed record NewRouter(string Name)
{
    /// <summary>The network that it leads to; <c>null</c> for none.</summary>
    public GatewayInfo? ExternalGatewayInfo { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}

/// <summary>A floating address: public, and movable from port to port.</summary>
public sealed record FloatingIP
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The public address.</summary>
    [JsonPropertyName("floating_ip_address")]
    public required string Address { get; init; }

    /// <summary>The external network it is from.</summary>
    public string? FloatingNetworkId { get; init; }

    /// <summary>The port it leads to; <c>null</c> when it is unused.</summary>
    public string? PortId { get; init; }

    /// <summary>The private address it leads to.</summary>
    public string? FixedIpAddress { get; init; }

    /// <summary>ACTIVE, DOWN or ERROR.</summary>
    public string? Status { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>How often it has changed, on clouds that count.</summary>
    public int? RevisionNumber { get; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}

/// <summary>A set of rules about what may pass a port.</summary>
public sealed record SecurityGroup
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The rules; a new group has two that let everything out.</summary>
    [JsonPropertyName("security_group_rules")]
    public IReadOnlyList<SecurityGroupRule> Rules { get => field ?? []; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}

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

/// <summary>A rule to be made; <see cref="Ingress"/> makes the usual ones.</summary>
public sealed record NewSecurityGroupRule
{
    /// <summary><c>ingress</c> or <c>egress</c>.</summary>
    public string Direction { get; init; } = "ingress";

    /// <summary>IPv4 or IPv6.</summary>
    [JsonPropertyName("ethertype")]
    public string EtherType { get; init; } = "IPv4";

    /// <summary><c>tcp</c>, <c>udp</c>, <c>icmp</c> and others; <c>null</c> for all.</summary>
    public string? Protocol { get; init; }

    /// <summary>The first port, 1 to 65535; <c>null</c> for all.</summary>
    public int? PortRangeMin { get; init; }

    /// <summary>The last port, 1 to 65535; <c>null</c> for all.</summary>
    public int? PortRangeMax { get; init; }

    /// <summary>The other side's addresses, such as <c>10.0.0.0/8</c>; <c>null</c> for all.</summary>
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

/// <summary>Rules that let traffic in, over IPv4, from anywhere unless narrowed by <c>From</c>.</summary>
public static class Ingress
{
    /// <summary>One TCP port.</summary>
    public static NewSecurityGroupRule Tcp(int port) => Tcp(port, port);

    /// <summary>TCP ports, both included.</summary>
    public static NewSecurityGroupRule Tcp(int first, int last) => new() { Protocol = "tcp", PortRangeMin = first, PortRangeMax = last };

    /// <summary>One UDP port.</summary>
    public static NewSecurityGroupRule Udp(int port) => new() { Protocol = "udp", PortRangeMin = port, PortRangeMax = port };

    /// <summary>All of ICMP, such as ping.</summary>
    public static NewSecurityGroupRule Icmp() => new() { Protocol = "icmp" };
}

internal sealed record NewSecurityGroup(string Name, string Description);

internal sealed record RuleBody(
    string SecurityGroupId,
    string Direction,
    [property: JsonPropertyName("ethertype")] string EtherType,
    string? Protocol,
    int? PortRangeMin,
    int? PortRangeMax,
    string? RemoteIpPrefix,
    string? RemoteGroupId);

internal sealed record NewFloatingIP(string FloatingNetworkId, string? PortId, string? Description);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Network))]
[JsonSerializable(typeof(NewNetwork))]
[JsonSerializable(typeof(Subnet))]
[JsonSerializable(typeof(NewSubnet))]
[JsonSerializable(typeof(Port))]
[JsonSerializable(typeof(NewPort))]
[JsonSerializable(typeof(Router))]
[JsonSerializable(typeof(NewRouter))]
[JsonSerializable(typeof(SecurityGroup))]
[JsonSerializable(typeof(NewSecurityGroup))]
[JsonSerializable(typeof(SecurityGroupRule))]
[JsonSerializable(typeof(RuleBody))]
[JsonSerializable(typeof(FloatingIP))]
[JsonSerializable(typeof(NewFloatingIP))]
internal sealed partial class NetworkingJson : JsonSerializerContext;
