using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Changes of a pool; <c>null</c> leaves a property unchanged. Its protocol cannot change.</summary>
public sealed record PoolUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP and others.</summary>
    [JsonPropertyName("lb_algorithm")]
    public BalancingAlgorithm? Algorithm { get; init; }

    /// <summary>The rule that keeps a client at one member; <see cref="SessionPersistence.None"/> removes it.</summary>
    [JsonConverter(typeof(ClearableSessionPersistenceConverter))]
    public SessionPersistence? SessionPersistence { get; init; }

    /// <summary>Whether connections to members use TLS.</summary>
    public bool? TlsEnabled { get; init; }

    /// <summary>
    /// The address of the secret with the certificate that the balancer presents to members; an empty text removes it.
    /// </summary>
    [JsonConverter(typeof(ClearableTextConverter))]
    public string? TlsContainerRef { get; init; }

    /// <summary>
    /// The address of the secret with the authority that signs the members' certificates; an empty text removes it.
    /// </summary>
    [JsonConverter(typeof(ClearableTextConverter))]
    public string? CaTlsContainerRef { get; init; }

    /// <summary>Whether the pool is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>All tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
