using Faafo.OpenStack;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>
/// What is inside of a flock's router and load balancer. Parts carry no mark: they belong to the flock because their whole does. Each is
/// created after its whole, so an interrupted scaler may have left the whole without them.
/// </summary>
/// <param name="AttachedSubnets">The ids of the subnets that the router connects.</param>
/// <param name="Balancer">The parts of the load balancer; null if there is none.</param>
internal sealed record ResourceParts(IReadOnlySet<string> AttachedSubnets, BalancerParts? Balancer)
{
    /// <summary>Reads the parts of a flock's resources.</summary>
    public static async Task<ResourceParts> ReadAsync(
        OpenStackClient cloud, ResourceNames names, ManagedResources managed, CancellationToken cancellationToken)
    {
        var subnets = new HashSet<string>();
        foreach (var router in managed.Routers)
        {
            subnets.UnionWith(await AttachedSubnetsAsync(cloud, router.Id, cancellationToken));
        }
        var balancer = managed.LoadBalancers is [var first, ..]
            ? await BalancerParts.ReadAsync(cloud, names, first.Id, cancellationToken) : null;
        return new ResourceParts(subnets, balancer);
    }

    /// <summary>The ids of the subnets that a router connects.</summary>
    public static async Task<IReadOnlySet<string>> AttachedSubnetsAsync(
        OpenStackClient cloud, string routerId, CancellationToken cancellationToken)
    {
        var ports = await cloud.Networking.ListPortsAsync(deviceId: routerId, cancellationToken: cancellationToken)
            .Where(port => port.DeviceId == routerId).ToListAsync(cancellationToken);
        return ports.SelectMany(port => port.FixedIPs).Select(ip => ip.SubnetId).OfType<string>().ToHashSet();
    }
}
