using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Changes of a listener; <c>null</c> leaves a property unchanged. Its protocol and port cannot change.</summary>
public sealed record ListenerUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The pool that receives the traffic; an empty text removes it.</summary>
    [JsonConverter(typeof(ClearableTextConverter))]
    public string? DefaultPoolId { get; init; }

    /// <summary>The limit of concurrent connections; -1 for none.</summary>
    public int? ConnectionLimit { get; init; }

    /// <summary>The address of the secret with certificate and key, for TERMINATED_HTTPS.</summary>
    public string? DefaultTlsContainerRef { get; init; }

    /// <summary>The addresses of all secrets with certificates for other host names.</summary>
    public IReadOnlyList<string>? SniContainerRefs { get; init; }

    /// <summary>All versions of TLS to accept.</summary>
    public IReadOnlyList<string>? TlsVersions { get; init; }

    /// <summary>The ciphers in OpenSSL's format.</summary>
    public string? TlsCiphers { get; init; }

    /// <summary>All protocols to offer to clients.</summary>
    public IReadOnlyList<string>? AlpnProtocols { get; init; }

    /// <summary>All networks from which clients may connect; an empty list admits every client.</summary>
    public IReadOnlyList<string>? AllowedCidrs { get; init; }

    /// <summary>All headers to add to requests.</summary>
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

    /// <summary>Whether the listener is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>All tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
