namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A server in a pool.</summary>
public sealed record Member : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The address.</summary>
    public required string Address { get; init; }

    /// <summary>The port.</summary>
    public int ProtocolPort { get; init; }

    /// <summary>The share of the traffic, 0 to 256; 0 drains it.</summary>
    public int Weight { get; init; }

    /// <summary>Whether it receives traffic only while all other members are in error.</summary>
    public bool? Backup { get; init; }

    /// <summary>The subnet that the address is in, if it was given.</summary>
    public string? SubnetId { get; init; }

    /// <summary>The address that the monitor checks, if it is another.</summary>
    public string? MonitorAddress { get; init; }

    /// <summary>The port that the monitor checks, if it is another.</summary>
    public int? MonitorPort { get; init; }

    /// <summary>Whether the member is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>The same states as of a load balancer.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, ERROR, DRAINING, NO_MONITOR and others.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }
}
