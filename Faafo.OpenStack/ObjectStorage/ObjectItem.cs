using System.Text.Json.Serialization;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>An object in a list.</summary>
public sealed record ObjectItem
{
    /// <summary>The name; <c>null</c> for a <see cref="Subdirectory"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The prefix that several names share, in a list with a delimiter.</summary>
    [JsonPropertyName("subdir")]
    public string? Subdirectory { get; init; }

    /// <summary>The length in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The MD5 of the content; for a large object another value.</summary>
    public string? Hash { get; init; }

    /// <summary>The media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset? LastModified { get; init; }
}
