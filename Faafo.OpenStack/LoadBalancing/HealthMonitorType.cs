using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>How a health monitor checks a member. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<HealthMonitorType>))]
public readonly record struct HealthMonitorType(string Value) : IExtensibleValue<HealthMonitorType>
{
    /// <summary>By an HTTP request (<c>HTTP</c>).</summary>
    public static HealthMonitorType Http { get; } = new("HTTP");

    /// <summary>By an HTTPS request (<c>HTTPS</c>).</summary>
    public static HealthMonitorType Https { get; } = new("HTTPS");

    /// <summary>By an ICMP echo (<c>PING</c>).</summary>
    public static HealthMonitorType Ping { get; } = new("PING");

    /// <summary>By a connection (<c>TCP</c>).</summary>
    public static HealthMonitorType Tcp { get; } = new("TCP");

    /// <summary>By a TLS handshake (<c>TLS-HELLO</c>).</summary>
    public static HealthMonitorType TlsHello { get; } = new("TLS-HELLO");

    /// <summary>By a datagram (<c>UDP-CONNECT</c>).</summary>
    public static HealthMonitorType UdpConnect { get; } = new("UDP-CONNECT");

    /// <summary>By an SCTP association (<c>SCTP</c>).</summary>
    public static HealthMonitorType Sctp { get; } = new("SCTP");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator HealthMonitorType(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
