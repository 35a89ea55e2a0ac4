using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

/// <summary>A zone to create.</summary>
/// <param name="Name">The name, such as <c>example.org</c>; the final dot is added if it is missing.</param>
/// <param name="Email">The address of the person who is responsible for it.</param>
public sealed record NewZone(string Name, string Email)
{
    /// <summary>How long other servers may cache its records, in whole seconds; <c>null</c> for the cloud's default.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Ttl { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
