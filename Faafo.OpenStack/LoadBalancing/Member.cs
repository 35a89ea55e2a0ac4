namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A server in a pool.</summary>
public sealed record Member
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

    /// <summary>The same states as of a load balancer.</summary>
    public string? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, ERROR, NO_MONITOR and others.</summary>
    public string? OperatingStatus { get; init; }
}
