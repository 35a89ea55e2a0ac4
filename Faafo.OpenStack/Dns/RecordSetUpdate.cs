using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>Changes of a record set; <c>null</c> leaves a property unchanged. Its name and type cannot change.</summary>
public sealed record RecordSetUpdate
{
    /// <summary>All values.</summary>
    public IReadOnlyList<string>? Records { get; init; }

    /// <summary>How long other servers may cache the records, in whole seconds.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Ttl { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
