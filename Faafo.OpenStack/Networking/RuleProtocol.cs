using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>
/// The IP protocol that a rule allows: a name, or a number from 0 to 255. The service may send others than those listed here.
/// </summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<RuleProtocol>))]
public readonly record struct RuleProtocol(string Value) : IExtensibleValue<RuleProtocol>
{
    /// <summary>TCP (<c>tcp</c>).</summary>
    public static RuleProtocol Tcp { get; } = new("tcp");

    /// <summary>UDP (<c>udp</c>).</summary>
    public static RuleProtocol Udp { get; } = new("udp");

    /// <summary>ICMP for IPv4 (<c>icmp</c>).</summary>
    public static RuleProtocol Icmp { get; } = new("icmp");

    /// <summary>ICMP for IPv6 (<c>ipv6-icmp</c>).</summary>
    public static RuleProtocol IcmpV6 { get; } = new("ipv6-icmp");

    /// <summary>SCTP (<c>sctp</c>).</summary>
    public static RuleProtocol Sctp { get; } = new("sctp");

    /// <summary>VRRP (<c>vrrp</c>).</summary>
    public static RuleProtocol Vrrp { get; } = new("vrrp");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator RuleProtocol(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
