namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Options of an upload.</summary>
public sealed record UploadOptions
{
    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>
    /// How browsers present the object, such as <c>attachment; filename="a.png"</c>; ASCII.
    /// <see cref="System.Net.Http.Headers.ContentDispositionHeaderValue"/> writes file names with other characters.
    /// </summary>
    public string? ContentDisposition { get; init; }

    /// <summary>The encoding that the content has, such as <c>gzip</c>.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>The metadata; names become part of a header name, values may be any text.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The time after which Swift deletes the object.</summary>
    public TimeSpan? DeleteAfter { get; init; }

    /// <summary>
    /// Fails with a <see cref="ConflictException"/> if the object exists. Not atomic: Swift checks before it stores, so several concurrent
    /// callers may all succeed. A retry after a lost response fails on the caller's own object.
    /// </summary>
    public bool OnlyIfNew { get; init; }

    /// <summary>
    /// Whether the callback writes the same bytes each time, so that a failed upload can be retried. A stream that can seek is always
    /// rewound.
    /// </summary>
    public bool Repeatable { get; init; }

    /// <summary>The length in bytes, if known; a body of unknown length is sent in chunks.</summary>
    public long? Length { get; init; }
}
