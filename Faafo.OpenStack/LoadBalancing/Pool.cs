namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A group of servers that share the traffic.</summary>
public sealed record Pool
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>HTTP, HTTPS, TCP, UDP and others.</summary>
    public string? Protocol { get; init; }

    /// <summary>ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP and others.</summary>
    public string? LbAlgorithm { get; init; }

    /// <summary>The same states as of a load balancer.</summary>
    public string? ProvisioningStatus { get; init; }
}
