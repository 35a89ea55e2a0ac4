using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A port that a load balancer listens on.</summary>
public sealed record Listener : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The protocol.</summary>
    public ListenerProtocol? Protocol { get; init; }

    /// <summary>The port.</summary>
    public int ProtocolPort { get; init; }

    /// <summary>The pool that receives the traffic.</summary>
    public string? DefaultPoolId { get; init; }

    /// <summary>The ids of the load balancers: one.</summary>
    [JsonPropertyName("loadbalancers")]
    [JsonConverter(typeof(IdListConverter))]
    public IReadOnlyList<string> LoadBalancerIds { get => field ?? []; init; }

    /// <summary>The limit of concurrent connections; -1 for none.</summary>
    public int? ConnectionLimit { get; init; }

    /// <summary>The address of the secret with the certificate, for TERMINATED_HTTPS.</summary>
    public string? DefaultTlsContainerRef { get; init; }

    /// <summary>The addresses of the secrets with certificates for other host names.</summary>
    public IReadOnlyList<string> SniContainerRefs { get => field ?? []; init; }

    /// <summary>The versions of TLS that are accepted, such as <c>TLSv1.3</c>.</summary>
    public IReadOnlyList<string> TlsVersions { get => field ?? []; init; }

    /// <summary>The ciphers in OpenSSL's format.</summary>
    public string? TlsCiphers { get; init; }

    /// <summary>The protocols that the listener offers to clients, such as <c>http/1.1</c>.</summary>
    public IReadOnlyList<string> AlpnProtocols { get => field ?? []; init; }

    /// <summary>The networks from which clients may connect; empty for all.</summary>
    public IReadOnlyList<string> AllowedCidrs { get => field ?? []; init; }

    /// <summary>The headers that are added to requests, such as <c>X-Forwarded-For: true</c>.</summary>
    public IReadOnlyDictionary<string, string> InsertHeaders { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The time after which an idle connection of a client is closed.</summary>
    [JsonPropertyName("timeout_client_data")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? ClientDataTimeout { get; init; }

    /// <summary>The time limit of connecting to a member.</summary>
    [JsonPropertyName("timeout_member_connect")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? MemberConnectTimeout { get; init; }

    /// <summary>The time after which an idle connection to a member is closed.</summary>
    [JsonPropertyName("timeout_member_data")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? MemberDataTimeout { get; init; }

    /// <summary>The time to wait for more bytes before a TCP connection is inspected.</summary>
    [JsonPropertyName("timeout_tcp_inspect")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? TcpInspectTimeout { get; init; }

    /// <summary>Whether the listener is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>The same states as of a load balancer.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, OFFLINE, DEGRADED and others.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }
}
