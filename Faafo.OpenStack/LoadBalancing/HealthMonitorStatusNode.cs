namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The statuses of a health monitor in a <see cref="LoadBalancerStatusTree"/>.</summary>
public sealed record HealthMonitorStatusNode
{
    /// <summary>The id.</summary>
    public string Id { get => field ?? ""; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>HTTP, HTTPS, PING, TCP and others.</summary>
    public HealthMonitorType? Type { get; init; }

    /// <summary>ACTIVE, PENDING_UPDATE, ERROR and others.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE or OFFLINE.</summary>
    public OperatingStatus? OperatingStatus { get; init; }
}
