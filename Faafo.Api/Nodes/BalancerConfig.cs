using System.Globalization;
using System.Text.RegularExpressions;
using Faafo.Nodes;

namespace Faafo.Api.Nodes;

/// <summary>
/// The configuration of an HAProxy (2.6 or newer) in front of the running APIs; its text is haproxy.cfg beside this file. Clients do not
/// notice the failure of one API: a request whose connection fails or ends without an answer goes to another API with its body (retry-on,
/// http-buffer-request; https://docs.haproxy.org/2.6/configuration.html#4-retry-on). X-Request-Start lets an API distinguish a task that
/// was sent again from a uuid that was used twice (<see cref="Fractals.ReplayedRequest"/>). An answer that breaks off in the middle cannot
/// be repeated.
/// </summary>
internal static partial class BalancerConfig
{
    private static readonly string Template = ReadTemplate();

    /// <summary>Writes the configuration; null when no API is running: a balancer without any would never fetch a better one.</summary>
    public static string? Write(IReadOnlyList<Node> nodes, BalancerHost host)
    {
        string[] servers = [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(ServerOf).OfType<string>()];
        if (servers.Length == 0)
        {
            return null;
        }
        var user = host.User is null ? "" : $"    user {host.User}\n    group {host.User}\n";
        return Template
            .Replace("{{socket}}", host.Socket, StringComparison.Ordinal)
            .Replace("{{user}}\n", user + "\n", StringComparison.Ordinal)
            .Replace("{{bind}}", host.Bind, StringComparison.Ordinal)
            .Replace("{{stats}}", host.Stats, StringComparison.Ordinal)
            .Replace("{{servers}}\n", string.Concat(servers) + "\n", StringComparison.Ordinal);
    }

    private static string? ServerOf(Node node)
    {
        var isRunning = node is { State: NodeState.Ready, Drain: false, Report.Role: "api" };
        if (!isRunning || !Name().IsMatch(node.Name))
        {
            return null;
        }
        var address = AddressOf(node.Report.Address);
        return address is null ? null : $"    server {node.Name} {address}\n";
    }

    // Anyone can send a heartbeat: nothing but a host and a port may get into the file.
    private static string? AddressOf(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri is not { Scheme: "http", Port: > 0 })
        {
            return null;
        }
        var host = uri.IdnHost;
        if (!Host().IsMatch(host) || host is "0.0.0.0" or "::")
        {
            return null;
        }
        var bracketed = uri.HostNameType == UriHostNameType.IPv6 ? $"[{host}]" : host;
        return string.Create(CultureInfo.InvariantCulture, $"{bracketed}:{uri.Port}");
    }

    private static string ReadTemplate()
    {
        using var stream = typeof(BalancerConfig).Assembly.GetManifestResourceStream("haproxy.cfg")
            ?? throw new InvalidOperationException("haproxy.cfg is not embedded in this program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^[0-9a-zA-Z._-]{1,100}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[0-9a-zA-Z.:-]{1,253}\z")]
    private static partial Regex Host();
}
