using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>Computes how much of each quota a plan would use.</summary>
internal static class QuotaDemand
{
    /// <summary>Compares the resources that are missing with the project's limits.</summary>
    /// <param name="flock">The flock.</param>
    /// <param name="names">The names of its resources.</param>
    /// <param name="missing">The names of the instances to create.</param>
    /// <param name="addresses">The number of floating IPs to attach.</param>
    /// <param name="managed">The flock's resources in the cloud.</param>
    /// <param name="external">The flavors and limits of the cloud.</param>
    public static IReadOnlyList<QuotaLine> Compute(FlockSpec flock, ResourceNames names, IReadOnlyList<string> missing, int addresses,
        ManagedResources managed, ExternalResources external)
    {
        var lines = ComputeLines(flock, missing, external);
        var newNetworks = flock.OwnNetworks is null ? 0 : Math.Max(0, flock.OwnNetworks.Ranges.Count - managed.Networks.Count);
        Add("floating addresses", "floatingip", Math.Max(0, addresses - external.FreeFloatingIPs));
        Add("security groups", "security_group",
            flock.AllGroups.Count(group => !managed.SecurityGroups.Any(one => one.Name == names.Of(group.Name))));
        Add("ports", "port", NewPorts(flock, names, missing, managed) + newNetworks);     // one of the router in each network
        if (flock.OwnNetworks is { } own)
        {
            Add("networks", "network", newNetworks);
            Add("subnets", "subnet", Math.Max(0, own.Ranges.Count - managed.Subnets.Count));
            Add("routers", "router", managed.Routers.Count == 0 ? 1 : 0);
        }
        return lines;

        void Add(string what, string resource, int more)
        {
            if (external.NetworkLimits.TryGetValue(resource, out var quota))
            {
                lines.Add(new(what, quota.Used, quota.Used + more, quota.Limit));
            }
        }
    }

    private static List<QuotaLine> ComputeLines(FlockSpec flock, IReadOnlyList<string> missing, ExternalResources external)
    {
        var limits = external.Limits;
        var flavors = (from @group in flock.AllGroups
                       from node in missing
                       where node == InstanceName.Of(@group.Name, InstanceName.OrdinalOf(node))
                       select external.Flavors[@group.Name]).ToArray();
        return
        [
            new("instances", limits.InstancesUsed, limits.InstancesUsed + flavors.Length, limits.MaxInstances),
            new("vcpus", limits.CoresUsed, limits.CoresUsed + flavors.Sum(flavor => flavor.Vcpus), limits.MaxCores),
            new("MiB of memory", limits.RamUsed, limits.RamUsed + flavors.Sum(flavor => (long)flavor.Ram), limits.MaxRam),
        ];
    }

    // Instances with a stable address keep their port while they have no server; the port of the others comes with the server.
    private static int NewPorts(FlockSpec flock, ResourceNames names, IReadOnlyList<string> missing, ManagedResources managed)
    {
        var stable = flock.AllGroups.Where(group => FlockSpec.HasStableIdentity(group.Name))
            .SelectMany(group => Enumerable.Range(1, group.Policy.Min).Select(n => names.Of(InstanceName.Of(group.Name, n))))
            .ToArray();
        var withStable = stable.Count(name => !managed.Ports.Any(port => port.Name == name));
        return withStable + missing.Count(node => !stable.Contains(names.Of(node)));
    }
}
