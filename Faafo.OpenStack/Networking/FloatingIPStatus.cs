using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>The status of a floating address. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<FloatingIPStatus>))]
public readonly record struct FloatingIPStatus(string Value) : IExtensibleValue<FloatingIPStatus>
{
    /// <summary>It leads to a port (<c>ACTIVE</c>).</summary>
    public static FloatingIPStatus Active { get; } = new("ACTIVE");

    /// <summary>It leads to no port (<c>DOWN</c>).</summary>
    public static FloatingIPStatus Down { get; } = new("DOWN");

    /// <summary>It failed (<c>ERROR</c>).</summary>
    public static FloatingIPStatus Error { get; } = new("ERROR");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator FloatingIPStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
