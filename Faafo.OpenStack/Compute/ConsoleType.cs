using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>The client that a console is for. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ConsoleType>))]
public readonly record struct ConsoleType(string Value) : IExtensibleValue<ConsoleType>
{
    /// <summary>noVNC in a browser (<c>novnc</c>).</summary>
    public static ConsoleType NoVnc { get; } = new("novnc");

    /// <summary>A WebSocket client (<c>serial</c>).</summary>
    public static ConsoleType Serial { get; } = new("serial");

    /// <summary>SPICE in a browser (<c>spice-html5</c>).</summary>
    public static ConsoleType SpiceHtml5 { get; } = new("spice-html5");

    /// <summary>VMware in a browser (<c>webmks</c>).</summary>
    public static ConsoleType WebMks { get; } = new("webmks");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ConsoleType(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
