using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Images;

/// <summary>Who may use an image. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ImageVisibility>))]
public readonly record struct ImageVisibility(string Value) : IExtensibleValue<ImageVisibility>
{
    /// <summary>All projects; only administrators set it (<c>public</c>).</summary>
    public static ImageVisibility Public { get; } = new("public");

    /// <summary>Its owner (<c>private</c>).</summary>
    public static ImageVisibility Private { get; } = new("private");

    /// <summary>Its owner and the projects that are its members (<c>shared</c>).</summary>
    public static ImageVisibility Shared { get; } = new("shared");

    /// <summary>All projects, but it is not in their default lists (<c>community</c>).</summary>
    public static ImageVisibility Community { get; } = new("community");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ImageVisibility(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
