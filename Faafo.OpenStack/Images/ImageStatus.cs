using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Images;

/// <summary>The status of an image. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ImageStatus>))]
public readonly record struct ImageStatus(string Value) : IExtensibleValue<ImageStatus>
{
    /// <summary>It has no content yet (<c>queued</c>).</summary>
    public static ImageStatus Queued { get; } = new("queued");

    /// <summary>Its content is being uploaded (<c>saving</c>).</summary>
    public static ImageStatus Saving { get; } = new("saving");

    /// <summary>Content to be imported is being uploaded (<c>uploading</c>).</summary>
    public static ImageStatus Uploading { get; } = new("uploading");

    /// <summary>Its content is being imported (<c>importing</c>).</summary>
    public static ImageStatus Importing { get; } = new("importing");

    /// <summary>It can be used (<c>active</c>).</summary>
    public static ImageStatus Active { get; } = new("active");

    /// <summary>Only administrators may read its content (<c>deactivated</c>).</summary>
    public static ImageStatus Deactivated { get; } = new("deactivated");

    /// <summary>Its upload failed (<c>killed</c>).</summary>
    public static ImageStatus Killed { get; } = new("killed");

    /// <summary>It is deleted (<c>deleted</c>).</summary>
    public static ImageStatus Deleted { get; } = new("deleted");

    /// <summary>It is deleted, and its content is removed later (<c>pending_delete</c>).</summary>
    public static ImageStatus PendingDelete { get; } = new("pending_delete");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ImageStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
