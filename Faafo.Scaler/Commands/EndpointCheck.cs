using Faafo.Nodes;
using Faafo.Options;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Commands;

/// <summary>
/// Whether the API that --endpoint-url or FAAFO_ENDPOINT_URL names is that of the flock that a command works on. With the address of one
/// flock and the instances of another, a command would read one and change the other.
/// </summary>
internal static class EndpointCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);       // of an instance that has just booted

    /// <summary>Compares the nodes of the API with the flock. An API that does not answer is for the command to report.</summary>
    /// <param name="named">The address that was given.</param>
    /// <param name="own">Where the flock's own API listens; null when that is not known, or none runs.</param>
    /// <param name="flock">Names the flock in the message, such as "in STATE-DIR".</param>
    /// <param name="instances">The flock's instances.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UsageException">It is the API of another flock.</exception>
    public static async Task RequireAsync(
        Uri named, Uri? own, string flock, IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        if (own?.Authority == named.Authority || await NodesAsync(named, cancellationToken) is not { } nodes)
        {
            return;
        }
        var ownNodes = own is null ? null : await NodesAsync(own, cancellationToken);
        var same = ownNodes is null ? nodes.Any(node => instances.Any(instance => IsOf(node, instance)))
            : nodes.Any(node => ownNodes.Any(other => (other.Name, other.Report.StartedAt) == (node.Name, node.Report.StartedAt)));
        if (!same)
        {
            throw new UsageException($"the API at {Short(named)} is not that of the flock {flock}, "
                + (own is not null ? $"which is at {Short(own)}" : instances.Count == 0 ? "of which nothing runs" : "none of whose instances it knows")
                + ": leave out --endpoint-url and FAAFO_ENDPOINT_URL, or name the flock of that API");
        }
    }

    // An instance of the same name in another flock began at another time; nodes that do not say when they began are believed.
    private static bool IsOf(Node node, Instance instance) =>
        node.Name == instance.Name && (node.Report.StartedAt == default || node.Report.StartedAt > instance.CreatedAt - ClockSkew);

    private static async Task<IReadOnlyList<Node>?> NodesAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await FaafoClient.Connect(endpoint, timeout: Timeout).GetNodesAsync(cancellationToken);
        }
        catch (FaafoApiException)
        {
            return null;
        }
    }

    private static string Short(Uri address) => address.AbsoluteUri.TrimEnd('/');
}
