namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The statuses of a load balancer and of all its parts, read at once.</summary>
public sealed record LoadBalancerStatusTree : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>ACTIVE, PENDING_UPDATE, ERROR and others.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, OFFLINE, DEGRADED, ERROR and others.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The listeners.</summary>
    public IReadOnlyList<ListenerStatusNode> Listeners { get => field ?? []; init; }
}
