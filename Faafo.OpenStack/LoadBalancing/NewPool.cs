using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A pool to create.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Algorithm">How it chooses members.</param>
public sealed record NewPool(
    PoolProtocol Protocol, [property: JsonPropertyName("lb_algorithm")] BalancingAlgorithm Algorithm)
{
    /// <summary>Creates a pool that chooses its members one after another.</summary>
    public NewPool(PoolProtocol protocol)
        : this(protocol, BalancingAlgorithm.RoundRobin)
    {
    }

    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The listener whose traffic it gets; <c>null</c> for a pool that no listener uses yet.</summary>
    public string? ListenerId { get; init; }

    /// <summary>The rule that keeps a client at one member.</summary>
    public SessionPersistence? SessionPersistence { get; init; }

    /// <summary>Whether connections to members use TLS.</summary>
    public bool? TlsEnabled { get; init; }

    /// <summary>The address of the secret with the certificate that the balancer presents to members.</summary>
    public string? TlsContainerRef { get; init; }

    /// <summary>The address of the secret with the authority that signs the members' certificates.</summary>
    public string? CaTlsContainerRef { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    [JsonInclude]
    [JsonPropertyName("loadbalancer_id")]
    internal string? LoadBalancerId { get; init; }
}
