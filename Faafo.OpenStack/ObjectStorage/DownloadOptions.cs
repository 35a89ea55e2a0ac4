namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Which part of an object to read, and on which condition.</summary>
public sealed record DownloadOptions
{
    /// <summary>The first byte, from 0.</summary>
    public long? From { get; init; }

    /// <summary>The last byte, inclusive; without <see cref="From"/> the number of bytes from the end.</summary>
    public long? To { get; init; }

    /// <summary>Reads the object only if its entity tag differs.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Reads the object only if it was stored after this time.</summary>
    public DateTimeOffset? IfModifiedSince { get; init; }

    /// <summary>
    /// Asks all replicas and reads the newest (X-Newest). Otherwise Swift reads any of them, which may have missed the last change.
    /// </summary>
    public bool Newest { get; init; }
}
