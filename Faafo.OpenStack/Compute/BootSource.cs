using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>What a disk of a new server is filled from. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<BootSource>))]
public readonly record struct BootSource(string Value) : IExtensibleValue<BootSource>
{
    /// <summary>An existing volume (<c>volume</c>).</summary>
    public static BootSource Volume { get; } = new("volume");

    /// <summary>An image (<c>image</c>).</summary>
    public static BootSource Image { get; } = new("image");

    /// <summary>A snapshot of a volume (<c>snapshot</c>).</summary>
    public static BootSource Snapshot { get; } = new("snapshot");

    /// <summary>Nothing: the disk is empty (<c>blank</c>).</summary>
    public static BootSource Blank { get; } = new("blank");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator BootSource(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
