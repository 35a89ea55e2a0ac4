using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>Compares the load balancer of Octavia and its parts with those in the cloud.</summary>
internal static class BalancerPlan
{
    /// <summary>The changes; none for a flock without Octavia.</summary>
    public static IEnumerable<Change> Compare(FlockSpec flock, ResourceNames names, ManagedResources managed)
    {
        if (flock.Balancing != Balancing.Octavia)
        {
            return [];
        }
        Change[] address = LacksAddress(flock, managed) ? [new('+', $"floating address of load balancer {names.Own}")] : [];
        if (managed.LoadBalancers.Count == 0)
        {
            return [new('+', $"load balancer {names.Own}"), .. address];
        }
        return managed.Parts?.Balancer is { } parts
            ? [.. CompareParts(names, parts), .. CompareMembers(flock, names, managed, parts), .. address] : address;
    }

    /// <summary>Whether the load balancer of Octavia needs a floating IP.</summary>
    public static bool LacksAddress(FlockSpec flock, ManagedResources managed)
    {
        var ports = managed.LoadBalancers.Select(balancer => balancer.VipPortId).OfType<string>().ToHashSet();
        return flock.HasBalancerAddress
            && !managed.FloatingIPs.Concat(managed.ReusedFloatingIPs).Any(address => address.PortId is { } port && ports.Contains(port));
    }

    private static IEnumerable<Change> CompareParts(ResourceNames names, BalancerParts parts)
    {
        if (parts.Listener is null)
        {
            yield return new('+', $"listener of load balancer {names.Own}");
        }
        if (parts.Pool is null)
        {
            yield return new('+', $"pool of load balancer {names.Own}");
        }
        if (parts is { Listener: not null, Pool: not null, IsConnected: false })
        {
            yield return new('~', $"listener of load balancer {names.Own}: gets its pool");
        }
        if (parts.Pool?.HealthMonitorId is null)
        {
            yield return new('+', $"health monitor of load balancer {names.Own}");
        }
    }

    private static IEnumerable<Change> CompareMembers(
        FlockSpec flock, ResourceNames names, ManagedResources managed, BalancerParts parts)
    {
        var orphaned = OrphanFinder.FindOrphaned(flock, names, managed).Ports;
        var apis = ApiPorts.AddressesOf(names, managed.Ports.Except(orphaned));
        foreach (var (node, address) in apis)
        {
            if (!parts.Members.Any(member => BalancerParts.IsAt(member, address)))
            {
                yield return new('+', $"member {node} of load balancer {names.Own}");
            }
        }
        foreach (var member in parts.Members.Where(member => !apis.Values.Any(address => BalancerParts.IsAt(member, address))))
        {
            yield return new('-', $"member {member.Name} of load balancer {names.Own}: no longer wanted");
        }
    }
}
