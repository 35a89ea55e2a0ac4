namespace Faafo.OpenStack.ObjectStorage;

/// <summary>How an object is stored.</summary>
public sealed record UploadOptions
{
    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>The metadata; names become part of a header, values may be any text.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>After what time Swift deletes it by itself.</summary>
    public TimeSpan? DeleteAfter { get; init; }

    /// <summary>
    /// Refuses to replace an object, atomically: a <see cref="ConflictException"/> then. It may also mean that an answer was lost and
    /// that the second attempt met the first.
    /// </summary>
    public bool OnlyIfNew { get; init; }

    /// <summary>
    /// A callback that writes the same bytes whenever it is called, so that a failed upload may call it again. A stream that can seek is
    /// rewound in any case.
    /// </summary>
    public bool Repeatable { get; init; }

    /// <summary>The length in bytes, if it is known; a body of unknown length is sent in chunks.</summary>
    public long? Length { get; init; }
}
