using System.Text.Json.Serialization;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>A container of objects.</summary>
public sealed record Container
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of objects; Swift updates it with some delay.</summary>
    public long Count { get; init; }

    /// <summary>The bytes of all objects; Swift updates it with some delay.</summary>
    public long Bytes { get; init; }

    /// <summary>The metadata, by names whose case does not matter; a list of containers does not have it.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Metadata { get => field ?? new Dictionary<string, string>(); init; }
}

/// <summary>An object in a list.</summary>
public sealed record ObjectItem
{
    /// <summary>The name; <c>null</c> for a <see cref="Subdirectory"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The part that several names share, when the list was asked for with a delimiter.</summary>
    [JsonPropertyName("subdir")]
    public string? Subdirectory { get; init; }

    /// <summary>The length in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The MD5 of the content; of a large object something else.</summary>
    public string? Hash { get; init; }

    /// <summary>The media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset? LastModified { get; init; }
}

/// <summary>What Swift knows about an object.</summary>
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

    /// <summary>When it was stored, to the second.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether it is a manifest of segments.</summary>
    public bool IsLargeObject { get; init; }

    /// <summary>When Swift will delete it by itself.</summary>
    public DateTimeOffset? DeleteAt { get; init; }

    /// <summary>The metadata, by names whose case does not matter.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get => field ?? new Dictionary<string, string>(); init; }
}

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

/// <summary>A stored object: what was sent is what Swift has.</summary>
/// <param name="Name">The name.</param>
/// <param name="ETag">The entity tag, without quotation marks: the MD5 of the content, except for large objects.</param>
/// <param name="Length">The number of bytes.</param>
public sealed record StoredObject(string Name, string ETag, long Length);

/// <summary>What is read of an object, and when.</summary>
public sealed record DownloadOptions
{
    /// <summary>The first byte wanted, from 0.</summary>
    public long? From { get; init; }

    /// <summary>The last byte wanted, included; without <see cref="From"/>: how many bytes of the end.</summary>
    public long? To { get; init; }

    /// <summary>Read only when the entity tag is another.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Read only when it was stored after this time.</summary>
    public DateTimeOffset? IfModifiedSince { get; init; }
}

/// <summary>The outcome of a bulk deletion, item by item where something went wrong.</summary>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="NotFound">How many were gone already.</param>
/// <param name="Errors">What could not be deleted, and why.</param>
public sealed record BulkDeleteResult(int Deleted, int NotFound, IReadOnlyList<BulkDeleteError> Errors);

/// <summary>Something that could not be deleted.</summary>
/// <param name="Path">The container and the object's name.</param>
/// <param name="Status">The status, such as <c>409 Conflict</c>.</param>
public sealed record BulkDeleteError(string Path, string Status);

/// <summary>What arrived is not what was sent: the checksums differ.</summary>
public sealed class ChecksumMismatchException : OpenStackException
{
    internal ChecksumMismatchException(string name, string expected, string actual)
        : base($"The content of '{name}' has the checksum {actual} instead of {expected}.")
    {
    }
}

internal sealed record BulkDeleteReply
{
    [JsonPropertyName("Number Deleted")]
    public int Deleted { get; init; }

    [JsonPropertyName("Number Not Found")]
    public int NotFound { get; init; }

    [JsonPropertyName("Errors")]
    public string[][]? Errors { get; init; }

    [JsonPropertyName("Response Status")]
    public string? Status { get; init; }

    [JsonPropertyName("Response Body")]
    public string? Body { get; init; }
}

internal sealed record Segment(string Path, string Etag, long SizeBytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Container[]))]
[JsonSerializable(typeof(ObjectItem[]))]
[JsonSerializable(typeof(BulkDeleteReply))]
[JsonSerializable(typeof(List<Segment>))]
internal sealed partial class ObjectStorageJson : JsonSerializerContext;
