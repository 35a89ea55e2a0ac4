using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The protocol that a listener speaks. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ListenerProtocol>))]
public readonly record struct ListenerProtocol(string Value) : IExtensibleValue<ListenerProtocol>
{
    /// <summary>HTTP.</summary>
    public static ListenerProtocol Http { get; } = new("HTTP");

    /// <summary>HTTPS, passed through to the members (<c>HTTPS</c>).</summary>
    public static ListenerProtocol Https { get; } = new("HTTPS");

    /// <summary>HTTPS that ends at the balancer (<c>TERMINATED_HTTPS</c>).</summary>
    public static ListenerProtocol TerminatedHttps { get; } = new("TERMINATED_HTTPS");

    /// <summary>TCP.</summary>
    public static ListenerProtocol Tcp { get; } = new("TCP");

    /// <summary>UDP.</summary>
    public static ListenerProtocol Udp { get; } = new("UDP");

    /// <summary>SCTP.</summary>
    public static ListenerProtocol Sctp { get; } = new("SCTP");

    /// <summary>The metrics of the balancer for Prometheus (<c>PROMETHEUS</c>).</summary>
    public static ListenerProtocol Prometheus { get; } = new("PROMETHEUS");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ListenerProtocol(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
