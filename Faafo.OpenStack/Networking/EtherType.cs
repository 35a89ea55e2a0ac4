using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>The version of IP that a rule is for. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<EtherType>))]
public readonly record struct EtherType(string Value) : IExtensibleValue<EtherType>
{
    /// <summary>IPv4.</summary>
    public static EtherType IPv4 { get; } = new("IPv4");

    /// <summary>IPv6.</summary>
    public static EtherType IPv6 { get; } = new("IPv6");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator EtherType(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
