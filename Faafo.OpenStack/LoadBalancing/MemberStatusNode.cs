namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The statuses of a member in a <see cref="LoadBalancerStatusTree"/>.</summary>
public sealed record MemberStatusNode
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The address.</summary>
    public string? Address { get; init; }

    /// <summary>The port.</summary>
    public int ProtocolPort { get; init; }

    /// <summary>ACTIVE, PENDING_UPDATE, ERROR and others.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, ERROR, DRAINING, NO_MONITOR and others.</summary>
    public OperatingStatus? OperatingStatus { get; init; }
}
