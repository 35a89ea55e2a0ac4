using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Images;

/// <summary>The format of an image. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<DiskFormat>))]
public readonly record struct DiskFormat(string Value) : IExtensibleValue<DiskFormat>
{
    /// <summary>A disk without a format (<c>raw</c>).</summary>
    public static DiskFormat Raw { get; } = new("raw");

    /// <summary>The format of QEMU (<c>qcow2</c>).</summary>
    public static DiskFormat Qcow2 { get; } = new("qcow2");

    /// <summary>An optical disc (<c>iso</c>).</summary>
    public static DiskFormat Iso { get; } = new("iso");

    /// <summary>The format of VMware (<c>vmdk</c>).</summary>
    public static DiskFormat Vmdk { get; } = new("vmdk");

    /// <summary>The format of VirtualBox (<c>vdi</c>).</summary>
    public static DiskFormat Vdi { get; } = new("vdi");

    /// <summary>The older format of Hyper-V (<c>vhd</c>).</summary>
    public static DiskFormat Vhd { get; } = new("vhd");

    /// <summary>The format of Hyper-V (<c>vhdx</c>).</summary>
    public static DiskFormat Vhdx { get; } = new("vhdx");

    /// <summary>The format of Virtuozzo (<c>ploop</c>).</summary>
    public static DiskFormat Ploop { get; } = new("ploop");

    /// <summary>A machine of Amazon (<c>ami</c>).</summary>
    public static DiskFormat Ami { get; } = new("ami");

    /// <summary>A RAM disk of Amazon (<c>ari</c>).</summary>
    public static DiskFormat Ari { get; } = new("ari");

    /// <summary>A kernel of Amazon (<c>aki</c>).</summary>
    public static DiskFormat Aki { get; } = new("aki");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator DiskFormat(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
