using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The protocol that a pool speaks with its members. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<PoolProtocol>))]
public readonly record struct PoolProtocol(string Value) : IExtensibleValue<PoolProtocol>
{
    /// <summary>HTTP.</summary>
    public static PoolProtocol Http { get; } = new("HTTP");

    /// <summary>HTTPS.</summary>
    public static PoolProtocol Https { get; } = new("HTTPS");

    /// <summary>TCP.</summary>
    public static PoolProtocol Tcp { get; } = new("TCP");

    /// <summary>UDP.</summary>
    public static PoolProtocol Udp { get; } = new("UDP");

    /// <summary>SCTP.</summary>
    public static PoolProtocol Sctp { get; } = new("SCTP");

    /// <summary>TCP with the PROXY protocol, version 1 (<c>PROXY</c>).</summary>
    public static PoolProtocol Proxy { get; } = new("PROXY");

    /// <summary>TCP with the PROXY protocol, version 2 (<c>PROXYV2</c>).</summary>
    public static PoolProtocol ProxyV2 { get; } = new("PROXYV2");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator PoolProtocol(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
