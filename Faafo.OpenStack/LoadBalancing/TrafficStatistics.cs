namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The traffic of a load balancer or of a listener since its creation.</summary>
public sealed record TrafficStatistics
{
    /// <summary>The bytes received from clients.</summary>
    public long BytesIn { get; init; }

    /// <summary>The bytes sent to clients.</summary>
    public long BytesOut { get; init; }

    /// <summary>The connections that are open now.</summary>
    public long ActiveConnections { get; init; }

    /// <summary>All connections so far.</summary>
    public long TotalConnections { get; init; }

    /// <summary>The requests that could not be fulfilled.</summary>
    public long RequestErrors { get; init; }
}
