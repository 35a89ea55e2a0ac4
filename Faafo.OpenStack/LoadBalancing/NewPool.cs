using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A pool to create.</summary>
/// <param name="Protocol">HTTP, HTTPS, TCP, UDP and others.</param>
/// <param name="LbAlgorithm">ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP and others.</param>
public sealed record NewPool(string Protocol, string LbAlgorithm = "ROUND_ROBIN")
{
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
    internal string? LoadbalancerId { get; init; }
}
