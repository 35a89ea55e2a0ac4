using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The rule by which a pool sends a client's later connections to the same member.</summary>
/// <param name="Type">
/// HTTP_COOKIE (the balancer's own cookie), APP_COOKIE (a cookie of the application) or SOURCE_IP (the client's address).
/// </param>
/// <param name="CookieName">The name of the application's cookie, required for APP_COOKIE.</param>
public sealed record SessionPersistence(SessionPersistenceType Type, string? CookieName = null)
{
    /// <summary>No persistence, to remove it from a pool in a <see cref="PoolUpdate"/>.</summary>
    public static SessionPersistence None { get; } = new("");

    /// <summary>The time after which a client may get another member, in whole seconds; only for SOURCE_IP over UDP or SCTP.</summary>
    [JsonPropertyName("persistence_timeout")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Timeout { get; init; }

    /// <summary>The netmask of clients that share a member; only for SOURCE_IP over UDP or SCTP.</summary>
    [JsonPropertyName("persistence_granularity")]
    public string? Granularity { get; init; }
}
