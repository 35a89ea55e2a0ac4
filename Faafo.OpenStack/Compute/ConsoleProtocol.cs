using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>The protocol of a console. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ConsoleProtocol>))]
public readonly record struct ConsoleProtocol(string Value) : IExtensibleValue<ConsoleProtocol>
{
    /// <summary>VMware (<c>mks</c>).</summary>
    public static ConsoleProtocol Mks { get; } = new("mks");

    /// <summary>A serial line over a WebSocket (<c>serial</c>).</summary>
    public static ConsoleProtocol Serial { get; } = new("serial");

    /// <summary>SPICE (<c>spice</c>).</summary>
    public static ConsoleProtocol Spice { get; } = new("spice");

    /// <summary>VNC (<c>vnc</c>).</summary>
    public static ConsoleProtocol Vnc { get; } = new("vnc");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ConsoleProtocol(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
