using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>The status of a network. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<NetworkStatus>))]
public readonly record struct NetworkStatus(string Value) : IExtensibleValue<NetworkStatus>
{
    /// <summary>It works (<c>ACTIVE</c>).</summary>
    public static NetworkStatus Active { get; } = new("ACTIVE");

    /// <summary>It is being created (<c>BUILD</c>).</summary>
    public static NetworkStatus Build { get; } = new("BUILD");

    /// <summary>It does not work (<c>DOWN</c>).</summary>
    public static NetworkStatus Down { get; } = new("DOWN");

    /// <summary>It failed (<c>ERROR</c>).</summary>
    public static NetworkStatus Error { get; } = new("ERROR");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator NetworkStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
