namespace Faafo.OpenStack.ObjectStorage;

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
