namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Options of a copy; <c>null</c> keeps the property of the source.</summary>
public sealed record CopyOptions
{
    /// <summary>The media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>How browsers present the object, such as <c>attachment; filename="a.png"</c>; ASCII.</summary>
    public string? ContentDisposition { get; init; }

    /// <summary>The encoding of the content, such as <c>gzip</c>.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>The metadata to set or replace.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Whether to leave out the source's metadata, expiry and headers other than the media type.</summary>
    public bool FreshMetadata { get; init; }

    /// <summary>The time after which Swift deletes the copy; <c>null</c> for the source's expiry.</summary>
    public TimeSpan? DeleteAfter { get; init; }

    /// <summary>
    /// Whether a large object's copy refers to the same segments; otherwise they are joined, which is limited to Swift's 5 GB.
    /// </summary>
    public bool ShareSegments { get; init; }
}
