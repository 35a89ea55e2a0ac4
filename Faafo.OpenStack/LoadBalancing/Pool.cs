using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A group of servers that share the traffic.</summary>
public sealed record Pool : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The protocol.</summary>
    public PoolProtocol? Protocol { get; init; }

    /// <summary>How it chooses members.</summary>
    [JsonPropertyName("lb_algorithm")]
    public BalancingAlgorithm? Algorithm { get; init; }

    /// <summary>The rule that keeps a client at one member; <c>null</c> if there is none.</summary>
    public SessionPersistence? SessionPersistence { get; init; }

    /// <summary>The id of the monitor that checks the members; <c>null</c> if there is none.</summary>
    [JsonPropertyName("healthmonitor_id")]
    public string? HealthMonitorId { get; init; }

    /// <summary>The ids of the load balancers: one.</summary>
    [JsonPropertyName("loadbalancers")]
    [JsonConverter(typeof(IdListConverter))]
    public IReadOnlyList<string> LoadBalancerIds { get => field ?? []; init; }

    /// <summary>The ids of the listeners whose default pool this is.</summary>
    [JsonPropertyName("listeners")]
    [JsonConverter(typeof(IdListConverter))]
    public IReadOnlyList<string> ListenerIds { get => field ?? []; init; }

    /// <summary>The ids of the members.</summary>
    [JsonPropertyName("members")]
    [JsonConverter(typeof(IdListConverter))]
    public IReadOnlyList<string> MemberIds { get => field ?? []; init; }

    /// <summary>Whether connections to members use TLS.</summary>
    public bool? TlsEnabled { get; init; }

    /// <summary>The address of the secret with the certificate that the balancer presents to members.</summary>
    public string? TlsContainerRef { get; init; }

    /// <summary>The address of the secret with the authority that signs the members' certificates.</summary>
    public string? CaTlsContainerRef { get; init; }

    /// <summary>Whether the pool is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>The same states as of a load balancer.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, OFFLINE, DEGRADED, ERROR and others.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }
}
