using Faafo.OpenStack.Networking;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>What of a flock is in its cloud and wanted no more, since flock.yaml has changed or a scaler was cut off. It only compares.</summary>
internal static class OrphanFinder
{
    /// <summary>Of what belongs to a group or balancer that is no longer in flock.yaml, or addresses that its group is no longer to have.</summary>
    public static ManagedResources Unwanted(FlockSpec flock, ResourceNames names, ManagedResources there)
    {
        var groups = flock.AllGroups.ToDictionary(group => names.Of(group.Name));
        var balancers = flock.Balancing == Balancing.Octavia ? [] : there.LoadBalancers;
        // Those of instances that have no address of their own to the outside any more, and of the balancers that go.
        var inside = there.Ports.Where(port => GroupOf(port) is not { } group || !flock.HasFloatingIP(group)).Select(port => port.Id)
            .Concat((flock.HasBalancerAddress ? [] : there.LoadBalancers).Select(balancer => balancer.VipPortId).OfType<string>()).ToHashSet();
        return ManagedResources.Empty with
        {
            Servers = [.. there.Servers.Where(server => !groups.ContainsKey(names.Of(OpenStackInstances.GroupOf(server))))],
            FloatingIPs = [.. there.FloatingIPs.Where(address => inside.Contains(address.PortId!))],
            ReusedFloatingIPs = [.. there.ReusedFloatingIPs.Where(address => inside.Contains(address.PortId!))],
            LoadBalancers = balancers,
            Ports = [.. there.Ports.Where(port => GroupOf(port) is null)],
            SecurityGroups = [.. there.SecurityGroups.Where(group => !groups.ContainsKey(group.Name))],
        };

        GroupSpec? GroupOf(Port port) => groups.FirstOrDefault(group =>
            ResourceNames.Node(group.Value.Name, ResourceNames.NumberOf(port.Name)) is var node && port.Name == names.Of(node)).Value;
    }

    /// <summary>Of what an instance above min has left behind, whose scaler was cut off while it removed it.</summary>
    public static ManagedResources Abandoned(FlockSpec flock, ResourceNames names, ManagedResources there)
    {
        var servers = there.Servers.Concat(there.Leaving).Select(server => names.Of(server.Name)).ToHashSet();
        var ports = there.Ports.Where(port => port.Name.StartsWith(names.Of(ResourceNames.Node(FlockSpec.Api, 0))[..^1], StringComparison.Ordinal)
            && ResourceNames.NumberOf(port.Name) > flock.Apis.Policy.Min && !servers.Contains(port.Name)).ToArray();
        var ids = ports.Select(port => port.Id).ToHashSet();
        return ManagedResources.Empty with
        {
            FloatingIPs = [.. there.FloatingIPs.Where(address => ids.Contains(address.PortId!))],
            ReusedFloatingIPs = [.. there.ReusedFloatingIPs.Where(address => ids.Contains(address.PortId!))],
            Ports = ports,
        };
    }

    /// <summary>Refuses what cannot be changed in a flock that is there.</summary>
    /// <exception cref="FailureException">flock.yaml asks for it.</exception>
    public static void Check(FlockSpec flock, ManagedResources there)
    {
        if (!flock.HasServices && there.Servers.FirstOrDefault(server => OpenStackInstances.GroupOf(server) == FlockSpec.Services) is { } services)
        {
            throw new FailureException($"transport_url and database_url lead elsewhere in flock.yaml, and {services.Name} in the cloud holds the flock's queue and rows, "
                + "which are not taken along: 'down' and 'up' make the flock anew");
        }
        if (flock.OwnNetworks is null ? there.Networks.Count > 0 : there.Networks.Count == 0 && there.Servers.Count > 0)
        {
            throw new FailureException($"networks {(flock.OwnNetworks is null ? "are not in flock.yaml any more" : "are in flock.yaml now")}, and the flock in the cloud "
                + $"{(flock.OwnNetworks is null ? "is in them" : "is in another one")}: instances cannot move; 'down' and 'up' make the flock anew");
        }
    }

    /// <summary>What is deleted, in words.</summary>
    public static IEnumerable<Change> Changes(FlockSpec flock, ResourceNames names, ManagedResources there) =>
        Words(Unwanted(flock, names, there)).Concat(Words(Abandoned(flock, names, there))).Distinct();

    private static IEnumerable<Change> Words(ManagedResources left) =>
    [
        .. left.Servers.Select(server => Gone($"server {server.Name}")),
        .. left.FloatingIPs.Select(address => Gone($"floating address {address.Address}")),
        .. left.ReusedFloatingIPs.Select(address => new Change('~', $"floating address {address.Address}: is the project's again")),
        .. left.LoadBalancers.Select(balancer => Gone($"load balancer {balancer.Name}")),
        .. left.Ports.Select(port => Gone($"port {port.Name}")),
        .. left.SecurityGroups.Select(group => Gone($"security group {group.Name}")),
    ];

    private static Change Gone(string what) => new('-', $"{what}: no longer wanted");
}
