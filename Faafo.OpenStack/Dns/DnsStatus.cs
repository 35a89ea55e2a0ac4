using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>The status of a zone or a record set. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<DnsStatus>))]
public readonly record struct DnsStatus(string Value) : IExtensibleValue<DnsStatus>
{
    /// <summary>The name servers have the latest change (<c>ACTIVE</c>).</summary>
    public static DnsStatus Active { get; } = new("ACTIVE");

    /// <summary>It was deleted (<c>DELETED</c>).</summary>
    public static DnsStatus Deleted { get; } = new("DELETED");

    /// <summary>The change failed (<c>ERROR</c>).</summary>
    public static DnsStatus Error { get; } = new("ERROR");

    /// <summary>The change is in progress (<c>PENDING</c>).</summary>
    public static DnsStatus Pending { get; } = new("PENDING");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator DnsStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
