using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>Changes of a zone; <c>null</c> leaves a property unchanged. Its name cannot change.</summary>
public sealed record ZoneUpdate
{
    /// <summary>The address of the person who is responsible for it.</summary>
    public string? Email { get; init; }

    /// <summary>How long other servers may cache its records, in whole seconds.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Ttl { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
