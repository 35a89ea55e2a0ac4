using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A listener to create.</summary>
/// <param name="LoadBalancerId">The balancer.</param>
/// <param name="Protocol">
/// HTTP, HTTPS (passed through to the members), TERMINATED_HTTPS (decrypted by the balancer), TCP, UDP and others.
/// </param>
/// <param name="ProtocolPort">The port, 1 to 65535.</param>
public sealed record NewListener(
    [property: JsonPropertyName("loadbalancer_id")] string LoadBalancerId, ListenerProtocol Protocol, int ProtocolPort)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The pool that gets the traffic, if it exists already.</summary>
    public string? DefaultPoolId { get; init; }

    /// <summary>The limit of concurrent connections; -1 for none.</summary>
    public int? ConnectionLimit { get; init; }

    /// <summary>
    /// The address of the secret with certificate and key, required for TERMINATED_HTTPS: <c>Secret.Reference</c> of a PKCS #12 bundle
    /// without a password.
    /// </summary>
    public string? DefaultTlsContainerRef { get; init; }

    /// <summary>The addresses of secrets with certificates for other host names.</summary>
    public IReadOnlyList<string>? SniContainerRefs { get; init; }

    /// <summary>The versions of TLS to accept, such as <c>TLSv1.3</c>.</summary>
    public IReadOnlyList<string>? TlsVersions { get; init; }

    /// <summary>The ciphers in OpenSSL's format.</summary>
    public string? TlsCiphers { get; init; }

    /// <summary>The protocols to offer to clients, such as <c>http/1.1</c>.</summary>
    public IReadOnlyList<string>? AlpnProtocols { get; init; }

    /// <summary>The networks from which clients may connect, such as <c>192.0.2.0/24</c>; <c>null</c> for all.</summary>
    public IReadOnlyList<string>? AllowedCidrs { get; init; }

    /// <summary>The headers to add to requests, such as <c>X-Forwarded-For: true</c>.</summary>
    public IReadOnlyDictionary<string, string>? InsertHeaders { get; init; }

    /// <summary>The time after which an idle connection of a client is closed: 0 to 24 days, in whole milliseconds.</summary>
    [JsonPropertyName("timeout_client_data")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? ClientDataTimeout { get; init; }

    /// <summary>The time limit of connecting to a member: 0 to 24 days, in whole milliseconds.</summary>
    [JsonPropertyName("timeout_member_connect")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? MemberConnectTimeout { get; init; }

    /// <summary>The time after which an idle connection to a member is closed: 0 to 24 days, in whole milliseconds.</summary>
    [JsonPropertyName("timeout_member_data")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? MemberDataTimeout { get; init; }

    /// <summary>
    /// The time to wait for more bytes before a TCP connection is inspected: 0 to 24 days, in whole milliseconds.
    /// </summary>
    [JsonPropertyName("timeout_tcp_inspect")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? TcpInspectTimeout { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
