namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The statuses of a listener in a <see cref="LoadBalancerStatusTree"/>.</summary>
public sealed record ListenerStatusNode
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>ACTIVE, PENDING_UPDATE, ERROR and others.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, OFFLINE, DEGRADED, ERROR and others.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The pools that receive its traffic.</summary>
    public IReadOnlyList<PoolStatusNode> Pools { get => field ?? []; init; }
}
