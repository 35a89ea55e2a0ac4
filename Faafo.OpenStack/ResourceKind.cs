namespace Faafo.OpenStack;

/// <summary>
/// Kinds of resources, in the order in which <see cref="ResourceRemoval"/> deletes them: each before those that it depends on.
/// </summary>
public enum ResourceKind
{
    /// <summary>A server of Nova.</summary>
    Server,

    /// <summary>A snapshot of Cinder.</summary>
    Snapshot,

    /// <summary>A volume of Cinder.</summary>
    Volume,

    /// <summary>A floating IP of Neutron.</summary>
    FloatingIP,

    /// <summary>A load balancer of Octavia.</summary>
    LoadBalancer,

    /// <summary>A port of Neutron.</summary>
    Port,

    /// <summary>A router of Neutron.</summary>
    Router,

    /// <summary>A subnet of Neutron.</summary>
    Subnet,

    /// <summary>A network of Neutron.</summary>
    Network,

    /// <summary>A security group of Neutron.</summary>
    SecurityGroup,
}
