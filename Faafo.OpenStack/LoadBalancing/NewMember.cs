namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A member to be added.</summary>
/// <param name="Address">The address.</param>
/// <param name="ProtocolPort">The port, 1 to 65535.</param>
public sealed record NewMember(string Address, int ProtocolPort)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The subnet that the address is in, unless the balancer's own leads there.</summary>
    public string? SubnetId { get; init; }

    /// <summary>The share of the traffic, 0 to 256.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Whether it receives traffic only while all other members are in error.</summary>
    public bool? Backup { get; init; }

    /// <summary>The address for the monitor to check, if it is another.</summary>
    public string? MonitorAddress { get; init; }

    /// <summary>The port for the monitor to check, if it is another.</summary>
    public int? MonitorPort { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
