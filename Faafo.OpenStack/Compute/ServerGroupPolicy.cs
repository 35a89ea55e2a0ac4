using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>How the servers of a group are placed on hosts. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ServerGroupPolicy>))]
public readonly record struct ServerGroupPolicy(string Value) : IExtensibleValue<ServerGroupPolicy>
{
    /// <summary>All on the same host (<c>affinity</c>).</summary>
    public static ServerGroupPolicy Affinity { get; } = new("affinity");

    /// <summary>Each on another host (<c>anti-affinity</c>).</summary>
    public static ServerGroupPolicy AntiAffinity { get; } = new("anti-affinity");

    /// <summary>On the same host, if possible (<c>soft-affinity</c>).</summary>
    public static ServerGroupPolicy SoftAffinity { get; } = new("soft-affinity");

    /// <summary>On different hosts, if possible (<c>soft-anti-affinity</c>).</summary>
    public static ServerGroupPolicy SoftAntiAffinity { get; } = new("soft-anti-affinity");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ServerGroupPolicy(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
