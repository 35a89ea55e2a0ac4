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

    /// <summary>
    /// Who may read objects; <c>null</c> for the project's own users only, in a list, and for logins that may not see it.
    /// </summary>
    [JsonIgnore]
    public string? ReadAcl { get; init; }

    /// <summary>
    /// Who may write objects; <c>null</c> for the project's own users only, in a list, and for logins that may not see it.
    /// </summary>
    [JsonIgnore]
    public string? WriteAcl { get; init; }
}
