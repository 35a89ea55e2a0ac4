namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Servers that share the traffic.</summary>
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

    /// <summary>As of a balancer.</summary>
    public string? ProvisioningStatus { get; init; }
}
