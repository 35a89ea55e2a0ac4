namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The properties of an object.</summary>
public sealed record ObjectInfo
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The length in bytes, of the whole object even when a range of it was read.</summary>
    public long Length { get; init; }

    /// <summary>The entity tag without quotation marks: the MD5 of the content, except for large objects.</summary>
    public required string ETag { get; init; }

    /// <summary>The media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>How browsers present the object, such as <c>attachment; filename="a.png"</c>.</summary>
    public string? ContentDisposition { get; init; }

    /// <summary>The encoding of the content, such as <c>gzip</c>; downloads return it encoded.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>When it was stored, to the second.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether it is a manifest of segments.</summary>
    public bool IsLargeObject { get; init; }

    /// <summary>When the object expires: Swift deletes it then.</summary>
    public DateTimeOffset? DeleteAt { get; init; }

    /// <summary>The metadata, by names whose case does not matter.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get => field ?? new Dictionary<string, string>(); init; }
}
