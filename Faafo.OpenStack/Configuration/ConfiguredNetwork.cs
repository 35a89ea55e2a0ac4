namespace Faafo.OpenStack;

/// <summary>What clouds.yaml says of a network of the cloud, in <c>networks</c>.</summary>
/// <param name="Name">The name or id.</param>
public sealed record ConfiguredNetwork(string Name)
{
    /// <summary>Whether its addresses are reachable from outside of the cloud (<c>routes_externally</c>).</summary>
    public bool RoutesExternally { get; init; }

    /// <summary>The same for IPv4; as <see cref="RoutesExternally"/> if it is not set.</summary>
    public bool RoutesIPv4Externally { get; init; }

    /// <summary>The same for IPv6; as <see cref="RoutesExternally"/> if it is not set.</summary>
    public bool RoutesIPv6Externally { get; init; }

    /// <summary>Whether floating IPs are allocated from it (<c>nat_source</c>).</summary>
    public bool IsNatSource { get; init; }

    /// <summary>Whether floating IPs lead to ports of it (<c>nat_destination</c>).</summary>
    public bool IsNatDestination { get; init; }

    /// <summary>Whether servers are reached by their address in it (<c>default_interface</c>).</summary>
    public bool IsDefaultInterface { get; init; }
}
