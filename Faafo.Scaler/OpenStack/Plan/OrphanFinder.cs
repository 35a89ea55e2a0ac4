using Faafo.Scaler.Control;
using Faafo.OpenStack.Networking;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>
/// Finds resources of this flock that flock.yaml no longer describes or that an interrupted scaler left behind. Pure: deletes nothing.
/// </summary>
internal static class OrphanFinder
{
    /// <summary>
    /// Finds the resources of groups and balancers that were removed from flock.yaml, and floating IPs of groups that no longer get one.
    /// </summary>
    public static ManagedResources FindRemoved(FlockSpec flock, ResourceNames names, ManagedResources managed)
    {
        var groups = flock.AllGroups.ToDictionary(group => names.Of(group.Name));
        var balancers = flock.Balancing == Balancing.Octavia ? [] : managed.LoadBalancers;
        var privatePorts = managed.Ports.Where(port => GroupOf(port) is not { } group || !flock.HasFloatingIP(group));
        var privateBalancers = flock.HasBalancerAddress ? [] : managed.LoadBalancers;
        var withoutAddress = privatePorts.Select(port => port.Id)
            .Concat(privateBalancers.Select(balancer => balancer.VipPortId).OfType<string>()).ToHashSet();
        return ManagedResources.Empty with
        {
            Servers = [.. managed.Servers.Where(server => !groups.ContainsKey(names.Of(FlockServers.GroupOf(server))))],
            FloatingIPs = [.. managed.FloatingIPs.Where(address => withoutAddress.Contains(address.PortId!))],
            ReusedFloatingIPs = [.. managed.ReusedFloatingIPs.Where(address => withoutAddress.Contains(address.PortId!))],
            LoadBalancers = balancers,
            Ports = [.. managed.Ports.Where(port => GroupOf(port) is null)],
            SecurityGroups = [.. managed.SecurityGroups.Where(group => !groups.ContainsKey(group.Name))],
        };

        GroupSpec? GroupOf(Port port)
        {
            var number = InstanceName.OrdinalOf(port.Name);
            return groups.Values.FirstOrDefault(group => port.Name == names.Of(InstanceName.Of(group.Name, number)));
        }
    }

    /// <summary>
    /// Finds what the interrupted removal of an API above min left, floating IPs of the flock at no port, and further ports of an instance
    /// that has one.
    /// </summary>
    public static ManagedResources FindOrphaned(FlockSpec flock, ResourceNames names, ManagedResources managed)
    {
        var inUse = managed.Servers.Concat(managed.Leaving).Select(server => names.Of(server.Name)).ToHashSet();
        var removed = managed.Ports.Where(port => ApiPorts.Is(names, port)
            && InstanceName.OrdinalOf(port.Name) > flock.Apis.Policy.Min && !inUse.Contains(port.Name));
        var surplus = managed.Ports.GroupBy(port => port.Name)
            .SelectMany(same => ApiPorts.InOrder(same).Skip(1))
            .Where(port => string.IsNullOrEmpty(port.DeviceId));
        var ports = removed.Concat(surplus).Distinct().ToArray();
        var ids = ports.Select(port => port.Id).ToHashSet();
        return ManagedResources.Empty with
        {
            FloatingIPs = [.. managed.FloatingIPs.Where(address => address.PortId is null || ids.Contains(address.PortId))],
            ReusedFloatingIPs = [.. managed.ReusedFloatingIPs.Where(address => ids.Contains(address.PortId!))],
            Ports = ports,
        };
    }

    /// <summary>
    /// Finds the application credentials that no instance can use: others than the stored one, when every API and worker was created with
    /// the stored one, as its template says.
    /// </summary>
    public static IReadOnlyList<string> FindUnusedCredentials(
        FlockSpec flock, ResourceNames names, ManagedResources managed, ExternalResources external)
    {
        var others = managed.Credentials.Where(id => id != managed.Login).ToArray();
        var mayUseOthers = managed.Login is null || InstanceTemplateHash.FindDrifted(flock, names, managed, external).Count > 0;
        return mayUseOthers ? [] : others;
    }

    /// <summary>Rejects changes that cannot be made to an existing flock.</summary>
    /// <exception cref="FailureException">flock.yaml asks for such a change.</exception>
    public static void Check(FlockSpec flock, ManagedResources managed)
    {
        var services = managed.Servers.FirstOrDefault(server => FlockServers.GroupOf(server) == FlockSpec.Services);
        if (!flock.HasServices && services is not null)
        {
            throw new FailureException("transport_url and database_url are set in flock.yaml, but the queue and the rows of this flock "
                + $"are on {services.Name} and cannot be moved; remove the two keys, or run 'down' and 'up' to start with empty ones");
        }
        if (flock.OwnNetworks is null && managed.Networks.Count > 0)
        {
            throw new FailureException("networks was removed from flock.yaml, but the instances of this flock are in these networks "
                + "and cannot move; restore the key, or run 'down' and 'up' to create the flock again");
        }
        if (flock.OwnNetworks is not null && managed.Networks.Count == 0 && managed.Servers.Count > 0)
        {
            throw new FailureException("networks was added to flock.yaml, but the instances of this flock are in another network "
                + "and cannot move; remove the key, or run 'down' and 'up' to create the flock again");
        }
    }

    /// <summary>The deletions as changes of a plan.</summary>
    public static IEnumerable<Change> Changes(FlockSpec flock, ResourceNames names, ManagedResources managed) =>
        Describe(FindRemoved(flock, names, managed)).Concat(Describe(FindOrphaned(flock, names, managed))).Distinct();

    /// <summary>A deletion as a change of a plan.</summary>
    public static Change Deleted(string what) => new('-', $"{what}: no longer wanted");

    private static IEnumerable<Change> Describe(ManagedResources orphans) =>
    [
        .. orphans.Servers.Select(server => Deleted($"server {server.Name}")),
        .. orphans.FloatingIPs.Select(address => Deleted($"floating address {address.Address}")),
        .. orphans.ReusedFloatingIPs.Select(address =>
            new Change('~', $"floating address {address.Address}: detached, stays with the project")),
        .. orphans.LoadBalancers.Select(balancer => Deleted($"load balancer {balancer.Name}")),
        .. orphans.Ports.Select(port => Deleted($"port {port.Name}")),
        .. orphans.SecurityGroups.Select(group => Deleted($"security group {group.Name}")),
    ];
}
