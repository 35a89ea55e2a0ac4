using Faafo.Nodes;
using Faafo.Options;

namespace Faafo.Scaler.Control;

/// <summary>
/// Checks that the API that --endpoint-url or FAAFO_ENDPOINT_URL names belongs to the flock that a command works on. With the API of one
/// flock and the instances of another, a command would read one and change the other.
/// </summary>
internal static class EndpointCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);       // of an instance that has just booted

    /// <summary>Compares the nodes of the API with the flock. An API that does not respond is for the command to report.</summary>
    /// <param name="named">The address that was given.</param>
    /// <param name="own">Where the flock's own API listens; null when that is not known, or none runs.</param>
    /// <param name="flock">Names the flock in the message, such as "in STATE-DIR".</param>
    /// <param name="instances">The flock's instances.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UsageException">It is the API of another flock.</exception>
    public static async Task RequireAsync(
        Uri named, Uri? own, string flock, IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        if (own?.Authority == named.Authority || await FindNodesAsync(named, cancellationToken) is not { } nodes)
        {
            return;
        }
        var ownNodes = own is null ? null : await FindNodesAsync(own, cancellationToken);
        var isSame = ownNodes is null
            ? nodes.Any(node => instances.Any(instance => IsOf(node, instance)))
            : nodes.Any(node => ownNodes.Any(other => IsSame(node, other)));
        if (isSame)
        {
            return;
        }
        var reason = instances.Count == 0 ? "which has no running instances" : "whose instances it does not know";
        if (own is not null)
        {
            reason = $"whose API is at {Short(own)}";
        }
        throw new UsageException($"the API at {Short(named)} is not that of the flock {flock}, {reason}: "
            + "leave out --endpoint-url and FAAFO_ENDPOINT_URL, or name the flock of that API");
    }

    private static bool IsSame(Node node, Node other) => node.Name == other.Name && node.Report.StartedAt == other.Report.StartedAt;

    // An instance of the same name in another flock started at another time. A node that does not report its start is taken for the same.
    private static bool IsOf(Node node, Instance instance) =>
        node.Name == instance.Name && (node.Report.StartedAt == default || node.Report.StartedAt > instance.CreatedAt - ClockSkew);

    private static async Task<IReadOnlyList<Node>?> FindNodesAsync(Uri endpoint, CancellationToken cancellationToken)
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
