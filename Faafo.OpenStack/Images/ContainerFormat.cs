using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Images;

/// <summary>The archive that an image is in. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ContainerFormat>))]
public readonly record struct ContainerFormat(string Value) : IExtensibleValue<ContainerFormat>
{
    /// <summary>None (<c>bare</c>).</summary>
    public static ContainerFormat Bare { get; } = new("bare");

    /// <summary>An OVF folder (<c>ovf</c>).</summary>
    public static ContainerFormat Ovf { get; } = new("ovf");

    /// <summary>An OVF archive (<c>ova</c>).</summary>
    public static ContainerFormat Ova { get; } = new("ova");

    /// <summary>An archive of a container (<c>docker</c>).</summary>
    public static ContainerFormat Docker { get; } = new("docker");

    /// <summary>A compressed file (<c>compressed</c>).</summary>
    public static ContainerFormat Compressed { get; } = new("compressed");

    /// <summary>A machine of Amazon (<c>ami</c>).</summary>
    public static ContainerFormat Ami { get; } = new("ami");

    /// <summary>A RAM disk of Amazon (<c>ari</c>).</summary>
    public static ContainerFormat Ari { get; } = new("ari");

    /// <summary>A kernel of Amazon (<c>aki</c>).</summary>
    public static ContainerFormat Aki { get; } = new("aki");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ContainerFormat(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
