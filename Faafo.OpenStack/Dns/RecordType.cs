using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>The type of a record set. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<RecordType>))]
public readonly record struct RecordType(string Value) : IExtensibleValue<RecordType>
{
    /// <summary>IPv4 addresses (<c>A</c>).</summary>
    public static RecordType A { get; } = new("A");

    /// <summary>IPv6 addresses (<c>AAAA</c>).</summary>
    public static RecordType Aaaa { get; } = new("AAAA");

    /// <summary>Certification authorities that may issue certificates (<c>CAA</c>).</summary>
    public static RecordType Caa { get; } = new("CAA");

    /// <summary>Another name (<c>CNAME</c>).</summary>
    public static RecordType Cname { get; } = new("CNAME");

    /// <summary>Mail servers (<c>MX</c>).</summary>
    public static RecordType Mx { get; } = new("MX");

    /// <summary>Name servers (<c>NS</c>).</summary>
    public static RecordType Ns { get; } = new("NS");

    /// <summary>The name of an address (<c>PTR</c>).</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1720", Justification = "DNS calls it so")]
    public static RecordType Ptr { get; } = new("PTR");

    /// <summary>The start of a zone (<c>SOA</c>).</summary>
    public static RecordType Soa { get; } = new("SOA");

    /// <summary>Hosts and ports of a service (<c>SRV</c>).</summary>
    public static RecordType Srv { get; } = new("SRV");

    /// <summary>Text (<c>TXT</c>).</summary>
    public static RecordType Txt { get; } = new("TXT");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator RecordType(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
