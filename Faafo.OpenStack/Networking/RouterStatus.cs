using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>The status of a router. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<RouterStatus>))]
public readonly record struct RouterStatus(string Value) : IExtensibleValue<RouterStatus>
{
    /// <summary>It works (<c>ACTIVE</c>).</summary>
    public static RouterStatus Active { get; } = new("ACTIVE");

    /// <summary>It does not work (<c>DOWN</c>).</summary>
    public static RouterStatus Down { get; } = new("DOWN");

    /// <summary>It is being placed on hosts (<c>ALLOCATING</c>).</summary>
    public static RouterStatus Allocating { get; } = new("ALLOCATING");

    /// <summary>It failed (<c>ERROR</c>).</summary>
    public static RouterStatus Error { get; } = new("ERROR");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator RouterStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
