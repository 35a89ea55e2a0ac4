namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Changes of an object's properties; <c>null</c> leaves a property unchanged.</summary>
public sealed record ObjectUpdate
{
    /// <summary>The media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>How browsers present the object, such as <c>attachment; filename="a.png"</c>; ASCII, an empty text removes it.</summary>
    public string? ContentDisposition { get; init; }

    /// <summary>The encoding of the content, such as <c>gzip</c>; an empty text removes it.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>The time after which Swift deletes the object; <see cref="TimeSpan.Zero"/> keeps it for ever.</summary>
    public TimeSpan? DeleteAfter { get; init; }

    /// <summary>The metadata to set; an empty value removes an item, items that are not listed stay.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
