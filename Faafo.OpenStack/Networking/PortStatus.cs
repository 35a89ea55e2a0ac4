using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>The status of a port. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<PortStatus>))]
public readonly record struct PortStatus(string Value) : IExtensibleValue<PortStatus>
{
    /// <summary>It carries traffic (<c>ACTIVE</c>).</summary>
    public static PortStatus Active { get; } = new("ACTIVE");

    /// <summary>It is being created (<c>BUILD</c>).</summary>
    public static PortStatus Build { get; } = new("BUILD");

    /// <summary>It carries no traffic, for instance because no device uses it (<c>DOWN</c>).</summary>
    public static PortStatus Down { get; } = new("DOWN");

    /// <summary>It failed (<c>ERROR</c>).</summary>
    public static PortStatus Error { get; } = new("ERROR");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator PortStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
