using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>
/// The health of the traffic through a load balancer or one of its parts. The service may send others than those listed here.
/// </summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<OperatingStatus>))]
public readonly record struct OperatingStatus(string Value) : IExtensibleValue<OperatingStatus>
{
    /// <summary>All is well (<c>ONLINE</c>).</summary>
    public static OperatingStatus Online { get; } = new("ONLINE");

    /// <summary>The member takes no new connections (<c>DRAINING</c>).</summary>
    public static OperatingStatus Draining { get; } = new("DRAINING");

    /// <summary>It is switched off (<c>OFFLINE</c>).</summary>
    public static OperatingStatus Offline { get; } = new("OFFLINE");

    /// <summary>A part of it fails (<c>DEGRADED</c>).</summary>
    public static OperatingStatus Degraded { get; } = new("DEGRADED");

    /// <summary>It fails (<c>ERROR</c>).</summary>
    public static OperatingStatus Error { get; } = new("ERROR");

    /// <summary>No health monitor checks it (<c>NO_MONITOR</c>).</summary>
    public static OperatingStatus NoMonitor { get; } = new("NO_MONITOR");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator OperatingStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
