using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Faafo.Nodes;

namespace Faafo.Api.Nodes;

/// <summary>
/// The configuration of an HAProxy (2.6 or newer) before the APIs that are alive. Whatever happens to one API costs no client its answer:
/// a request whose connection fails or ends without an answer goes to another one, body and all (retry-on, http-buffer-request;
/// https://docs.haproxy.org/2.6/configuration.html#4-retry-on). X-Request-Start tells an API an order that was sent again from one that
/// was given twice (<see cref="Fractals.ReplayedRequest"/>). An answer that broke off in the middle cannot be taken back by anybody.
/// </summary>
internal static partial class BalancerConfig
{
    /// <summary>The configuration; null when no API is known to be alive: one without any would never ask for a better one.</summary>
    public static string? Write(IReadOnlyList<Node> nodes, BalancerHost host)
    {
        var servers = nodes.Where(node => node is { State: NodeState.Ready, Drain: false, Report.Role: "api" } && Name().IsMatch(node.Name))
            .Select(node => (node.Name, Address: AddressOf(node.Report.Address))).Where(server => server.Address is not null)
            .OrderBy(server => server.Name, StringComparer.Ordinal).ToArray();
        if (servers.Length == 0)
        {
            return null;
        }
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Written by Faafo's API from the nodes it knows (GET /v1/haproxy.cfg).
            global
                stats socket {host.Socket} mode 600 level admin expose-fd listeners
                hard-stop-after 5m

            """);
        if (host.User is { } user)
        {
            text.Append(CultureInfo.InvariantCulture, $"    user {user}\n    group {user}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $$"""

            defaults
                mode http
                timeout connect 2s
                timeout client 75s
                timeout http-keep-alive 75s
                timeout http-request 30s
                timeout queue 10s
                timeout server 60s
                option http-buffer-request
                option redispatch 1
                retries 5
                retry-on conn-failure empty-response response-timeout
                # After a reload, the old process answers once more on idle connections, and closes them with that answer.
                option idle-close-on-response

            frontend faafo
                bind {{host.Bind}}
                http-request set-header X-Request-Start t=%[date(0,ms)]
                http-request set-header X-Forwarded-For %[src]
                default_backend apis

            backend apis
                balance roundrobin
                option httpchk GET /readyz
                http-check expect status 200
                # A dead one refuses at once and is passed over meanwhile; a busy one is not to be taken for dead.
                timeout check 5s
                default-server check inter 1s fastinter 250ms fall 3 rise 1

            """);
        foreach (var (name, address) in servers)
        {
            text.Append(CultureInfo.InvariantCulture, $"    server {name} {address}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"""

            frontend statistics
                bind {host.Stats}
                stats enable
                stats uri /
                stats refresh 5s
                stats show-legends

            """);
        return text.ToString();
    }

    // Nodes are what anybody says of himself: only what is a host and a port gets into the file.
    private static string? AddressOf(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http", Port: > 0 }
        && uri.IdnHost is var host && Host().IsMatch(host) && host is not ("0.0.0.0" or "::")
            ? string.Create(CultureInfo.InvariantCulture, $"{(uri.HostNameType == UriHostNameType.IPv6 ? $"[{host}]" : host)}:{uri.Port}") : null;

    [GeneratedRegex(@"^[0-9a-zA-Z._-]{1,100}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[0-9a-zA-Z.:-]{1,253}\z")]
    private static partial Regex Host();
}
