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
}
