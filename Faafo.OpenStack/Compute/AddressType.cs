using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>Where an address of a server comes from. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<AddressType>))]
public readonly record struct AddressType(string Value) : IExtensibleValue<AddressType>
{
    /// <summary>An address in a network of the server (<c>fixed</c>).</summary>
    public static AddressType Fixed { get; } = new("fixed");

    /// <summary>A floating address (<c>floating</c>).</summary>
    public static AddressType Floating { get; } = new("floating");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator AddressType(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
