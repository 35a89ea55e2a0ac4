using Faafo.OpenStack.Compute;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>The difference between a flock as it is wanted and what is in the cloud. It only compares, and so can be tested without a cloud.</summary>
internal sealed record FlockPlan(IReadOnlyList<Change> Changes, IReadOnlyList<string> Missing, IReadOnlyList<QuotaLine> Quota)
{
    /// <summary>Compares.</summary>
    public static FlockPlan Make(FlockSpec flock, ResourceNames names, ManagedResources there, ExternalResources around)
    {
        OrphanFinder.Check(flock, there);
        var changes = new List<Change>();
        if (flock.PublicKeyFile is { } file && there.KeyPair is null)
        {
            changes.Add(new('+', $"key pair {names.KeyPair} from {file}"));
        }
        Networks(changes, flock, names, there, around);
        SecurityGroups(changes, flock, names, there);
        foreach (var container in ((string[])[names.Container, names.Images]).Where(name => !there.Containers.Any(one => one.Name == name)))
        {
            changes.Add(new('+', $"container {container}"));
        }
        if (there.Login is null)
        {
            changes.Add(new('+', $"application credential {names.Own}"));
        }
        if (flock.Balancing == Balancing.Octavia && there.LoadBalancers.Count == 0)
        {
            changes.Add(new('+', $"load balancer {names.Own}"));
        }
        if (LacksAddress(flock, there))
        {
            changes.Add(new('+', $"floating address of load balancer {names.Own}"));
        }
        var (missing, addresses) = Servers(changes, flock, names, there, around);
        changes.AddRange(InstanceTemplateHash.Outdated(flock, names, there, around).Where(server => server.Status is not ("ERROR" or "SHUTOFF")).Select(server => new Change('~', $"server {server.Name}: changed ("
            + (OpenStackInstances.GroupOf(server) is FlockSpec.LoadBalancer ? "delete it, and the loop makes it anew where it was)" : $"roll {OpenStackInstances.GroupOf(server)})"))));
        changes.AddRange(OrphanFinder.Changes(flock, names, there));
        return new FlockPlan(changes, missing, Quotas(flock, names, missing, addresses, there, around));
    }

    /// <summary>Refuses what the project's limits do not allow, before anything is made.</summary>
    /// <exception cref="FailureException">Something does not fit.</exception>
    public void CheckQuota()
    {
        if (Quota.Where(line => line.IsExceeded).ToArray() is { Length: > 0 } exceeded)
        {
            throw new FailureException($"the project's quota is too small: {string.Join("; ", exceeded.Select(line => line.ToString()))}; "
                + "lower min in flock.yaml, choose a smaller flavor, or ask for a larger quota. Nothing was created");
        }
    }

    private static void Networks(List<Change> changes, FlockSpec flock, ResourceNames names, ManagedResources there, ExternalResources around)
    {
        if (flock.OwnNetworks is not { } own)
        {
            return;
        }
        if (there.Routers.Count == 0)
        {
            changes.Add(new('+', $"router {names.Own} to {around.External?.Name}"));
        }
        foreach (var (name, cidr) in NetworkBuilder.Wanted(own))
        {
            var network = there.Networks.FirstOrDefault(one => one.Name == names.Of(name));
            if (network is not null && there.Subnets.FirstOrDefault(one => one.NetworkId == network.Id && one.Cidr != cidr) is { } other)
            {
                throw new FailureException($"networks.{name} is {cidr} in flock.yaml and {other.Cidr} in the cloud: a network that is in use cannot change its range; "
                    + "'down' and 'up' make it anew");
            }
            if (network is null || !there.Subnets.Any(subnet => subnet.NetworkId == network.Id))
            {
                changes.Add(new('+', $"network {names.Of(name)} ({cidr})"));
            }
        }
    }

    private static void SecurityGroups(List<Change> changes, FlockSpec flock, ResourceNames names, ManagedResources there)
    {
        var ids = SecurityRules.Ids(names, there.SecurityGroups);
        foreach (var group in flock.AllGroups)
        {
            if (there.SecurityGroups.FirstOrDefault(one => one.Name == names.Of(group.Name)) is not { } found)
            {
                changes.Add(new('+', $"security group {names.Of(group.Name)}: {string.Join(", ", SecurityRules.Of(flock, group.Name))}"));
                continue;
            }
            changes.AddRange(SecurityRules.Compare(flock, group.Name, found, ids).Missing.Select(rule => new Change('~', $"security group {found.Name}: gets {rule}")));
        }
        changes.AddRange(SecurityRules.Surplus(flock, names, there.SecurityGroups)
            .Select(one => new Change('~', $"security group {one.Group.Name}: loses {one.Rule.Protocol} {one.Rule.PortRangeMin}")));
    }

    private static (List<string> Missing, int Addresses) Servers(List<Change> changes, FlockSpec flock, ResourceNames names, ManagedResources there, ExternalResources around)
    {
        var missing = new List<string>();
        var addresses = LacksAddress(flock, there) ? 1 : 0;
        foreach (var group in flock.AllGroups)
        {
            var mine = there.Servers.Where(server => OpenStackInstances.GroupOf(server) == group.Name).ToArray();
            foreach (var failed in mine.Where(server => server.Status is "ERROR" or "SHUTOFF"))
            {
                changes.Add(group.Name == FlockSpec.Services
                    ? new('~', $"server {failed.Name}: is {failed.Status}, and holds the data: only you can mend it")
                    : new('-', $"server {failed.Name}: is {failed.Status}"));
            }
            var alive = mine.Where(server => server.Status is not ("ERROR" or "SHUTOFF") || group.Name == FlockSpec.Services).Select(server => server.Name).ToHashSet();
            for (var n = 1; alive.Count < group.Policy.Min; n++)
            {
                var node = ResourceNames.Node(group.Name, n);
                if (alive.Add(node))
                {
                    missing.Add(node);
                    changes.Add(new('+', $"server {node}: {around.Images[group.Name].Name}, {around.Flavors[group.Name].Name}"));
                }
            }
            foreach (var node in Enumerable.Range(1, flock.HasFloatingIP(group) ? group.Policy.Min : 0).Select(n => ResourceNames.Node(group.Name, n)))
            {
                var port = there.Ports.FirstOrDefault(one => one.Name == names.Of(node))?.Id;
                if (port is null || !there.FloatingIPs.Concat(there.ReusedFloatingIPs).Any(address => address.PortId == port))
                {
                    addresses++;
                    changes.Add(new('+', $"floating address of {node}"));
                }
            }
            // Two of one name: the answer to a request was lost, and its scaler with it. The loop takes the younger ones.
            changes.AddRange(mine.Where(server => OpenStackInstances.IsDouble(server, mine)).Select(server => new Change('-', $"server {server.Name} ({server.Id}): is there twice")));
            if (mine.Length > group.Policy.Max)
            {
                changes.Add(new('-', $"{mine.Length - group.Policy.Max} servers of {group.Name}: more than max, they are drained"));
            }
        }
        return (missing, addresses);
    }

    private static bool LacksAddress(FlockSpec flock, ManagedResources there) => flock.HasBalancerAddress
        && !there.FloatingIPs.Concat(there.ReusedFloatingIPs).Any(address => address.PortId is not null && there.LoadBalancers.Any(balancer => balancer.VipPortId == address.PortId));

    private static List<QuotaLine> Quotas(FlockSpec flock, ResourceNames names, List<string> missing, int addresses, ManagedResources there, ExternalResources around)
    {
        var flavors = flock.AllGroups.SelectMany(group => missing.Where(node => node == ResourceNames.Node(group.Name, ResourceNames.NumberOf(node))).Select(_ => around.Flavors[group.Name])).ToArray();
        ComputeLimits limits = around.Limits;
        var lines = new List<QuotaLine>
        {
            new("instances", limits.InstancesUsed, limits.InstancesUsed + flavors.Length, limits.MaxInstances),
            new("vcpus", limits.CoresUsed, limits.CoresUsed + flavors.Sum(flavor => flavor.Vcpus), limits.MaxCores),
            new("MiB of memory", limits.RamUsed, limits.RamUsed + flavors.Sum(flavor => (long)flavor.Ram), limits.MaxRam),
        };
        var own = flock.OwnNetworks is null ? 0 : NetworkBuilder.Wanted(flock.OwnNetworks).Count;
        var kept = flock.AllGroups.Where(group => FlockSpec.HasStableIdentity(group.Name))
            .SelectMany(group => Enumerable.Range(1, group.Policy.Min).Select(n => names.Of(ResourceNames.Node(group.Name, n)))).ToArray();
        Add("floating addresses", "floatingip", Math.Max(0, addresses - around.FreeFloatingIPs));
        Add("security groups", "security_group", flock.AllGroups.Count(group => !there.SecurityGroups.Any(one => one.Name == names.Of(group.Name))));
        // A port of each server, of those that keep their address also while there is no server, and of the router in each network.
        Add("ports", "port", kept.Count(name => !there.Ports.Any(port => port.Name == name))
            + missing.Count(node => !kept.Contains(names.Of(node))) + Math.Max(0, own - there.Networks.Count));
        if (own > 0)
        {
            Add("networks", "network", Math.Max(0, own - there.Networks.Count));
            Add("subnets", "subnet", Math.Max(0, own - there.Subnets.Count));
            Add("routers", "router", there.Routers.Count == 0 ? 1 : 0);
        }
        return lines;

        void Add(string what, string resource, int more)
        {
            if (around.NetworkLimits.TryGetValue(resource, out var quota))
            {
                lines.Add(new(what, quota.Used, quota.Used + more, quota.Limit));
            }
        }
    }
}
