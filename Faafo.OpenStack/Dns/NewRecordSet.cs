using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>A record set to create.</summary>
/// <param name="Name">The full name, such as <c>app.example.org</c>; the final dot is added if it is missing.</param>
/// <param name="Type">A, AAAA, CNAME, MX, TXT and others.</param>
/// <param name="Records">The values, such as addresses. Host names in them end in a dot.</param>
public sealed record NewRecordSet(string Name, RecordType Type, IReadOnlyList<string> Records)
{
    /// <summary>How long other servers may cache the records, in whole seconds; <c>null</c> for the zone's.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Ttl { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
