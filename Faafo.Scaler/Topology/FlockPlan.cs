using System.Globalization;
using Faafo.OpenStack.Compute;
using Faafo.Options;
using Faafo.Scaler.Clouds;

namespace Faafo.Scaler.Topology;

/// <summary>One thing that <c>up</c> would do.</summary>
/// <param name="Sign"><c>+</c> creates, <c>~</c> changes, <c>-</c> deletes.</param>
/// <param name="What">The thing in words.</param>
internal sealed record Change(char Sign, string What)
{
    public override string ToString() => $"{Sign} {What}";
}

/// <summary>What a project's limits are used for, before and after.</summary>
internal sealed record QuotaLine(string Resource, long Before, long After, long Limit)
{
    /// <summary>Whether it does not fit. A negative limit is none.</summary>
    public bool IsExceeded => Limit >= 0 && After > Limit;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Resource}: {Before} -> {After} of {(Limit < 0 ? "no limit" : Limit)}");
}

/// <summary>The difference between a flock as it is wanted and what is in the cloud. It only compares, and so can be tested without a cloud.</summary>
internal sealed record FlockPlan(IReadOnlyList<Change> Changes, IReadOnlyList<string> Missing, IReadOnlyList<QuotaLine> Quota)
{
    /// <summary>Compares.</summary>
    public static FlockPlan Make(Flock flock, Names names, Inventory there, Surroundings around)
    {
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
        if (there.Credentials.Count == 0)
        {
            changes.Add(new('+', $"application credential {names.Own}"));
        }
        if (flock.Balancing == Balancing.Octavia && there.LoadBalancers.Count == 0)
        {
            changes.Add(new('+', $"load balancer {names.Own} with a floating address"));
        }
        var (missing, addresses) = Servers(changes, flock, names, there, around);
        return new FlockPlan(changes, missing, Quotas(flock, missing, addresses, around));
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

    private static void Networks(List<Change> changes, Flock flock, Names names, Inventory there, Surroundings around)
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
            if (network is null || !there.Subnets.Any(subnet => subnet.NetworkId == network.Id))
            {
                changes.Add(new('+', $"network {names.Of(name)} ({cidr})"));
            }
        }
    }

    private static void SecurityGroups(List<Change> changes, Flock flock, Names names, Inventory there)
    {
        var ids = there.SecurityGroups.Where(one => one.Name.StartsWith(names.Of(""), StringComparison.Ordinal))
            .ToLookup(one => one.Name[names.Of("").Length..], one => one.Id).ToDictionary(one => one.Key, one => one.First());
        foreach (var group in flock.AllGroups)
        {
            if (there.SecurityGroups.FirstOrDefault(one => one.Name == names.Of(group.Name)) is not { } found)
            {
                changes.Add(new('+', $"security group {names.Of(group.Name)}: {string.Join(", ", SecurityRules.Of(flock, group.Name))}"));
                continue;
            }
            var (missing, surplus) = SecurityRules.Compare(flock, group.Name, found, ids);
            changes.AddRange(missing.Select(rule => new Change('~', $"security group {found.Name}: gets {rule}")));
            changes.AddRange(surplus.Select(rule => new Change('~', $"security group {found.Name}: loses {rule.Protocol} {rule.PortRangeMin}")));
        }
    }

    private static (List<string> Missing, int Addresses) Servers(List<Change> changes, Flock flock, Names names, Inventory there, Surroundings around)
    {
        var missing = new List<string>();
        var addresses = flock.Balancing == Balancing.Octavia && there.LoadBalancers.Count == 0 ? 1 : 0;
        foreach (var group in flock.AllGroups)
        {
            var mine = there.Servers.Where(server => OpenStackCloud.GroupOf(server) == group.Name).ToArray();
            foreach (var failed in mine.Where(server => server.Status is "ERROR" or "SHUTOFF"))
            {
                changes.Add(group.Name == Flock.Services
                    ? new('~', $"server {failed.Name}: is {failed.Status}, and holds the data: only you can mend it")
                    : new('-', $"server {failed.Name}: is {failed.Status}"));
            }
            var alive = mine.Where(server => server.Status is not ("ERROR" or "SHUTOFF") || group.Name == Flock.Services).Select(server => server.Name).ToHashSet();
            for (var n = 1; alive.Count < group.Policy.Min; n++)
            {
                var node = Names.Node(group.Name, n);
                if (alive.Add(node))
                {
                    missing.Add(node);
                    changes.Add(new('+', $"server {node}: {around.Images[group.Name].Name}, {around.Flavors[group.Name].Name}"));
                    if (flock.HasFloatingIP(group) && !there.Ports.Any(port => port.Name == names.Of(node)))
                    {
                        addresses++;
                        changes.Add(new('+', $"floating address of {node}"));
                    }
                }
            }
            if (mine.Length > group.Policy.Max)
            {
                changes.Add(new('-', $"{mine.Length - group.Policy.Max} servers of {group.Name}: more than max, they are drained"));
            }
        }
        return (missing, addresses);
    }

    private static List<QuotaLine> Quotas(Flock flock, List<string> missing, int addresses, Surroundings around)
    {
        var flavors = flock.AllGroups.SelectMany(group => missing.Where(node => node == Names.Node(group.Name, Names.NumberOf(node))).Select(_ => around.Flavors[group.Name])).ToArray();
        ComputeLimits limits = around.Limits;
        var lines = new List<QuotaLine>
        {
            new("instances", limits.InstancesUsed, limits.InstancesUsed + flavors.Length, limits.MaxInstances),
            new("vcpus", limits.CoresUsed, limits.CoresUsed + flavors.Sum(flavor => flavor.Vcpus), limits.MaxCores),
            new("MiB of memory", limits.RamUsed, limits.RamUsed + flavors.Sum(flavor => (long)flavor.Ram), limits.MaxRam),
        };
        if (around.FloatingIPs is var (used, limit))
        {
            lines.Add(new("floating addresses", used, used + addresses, limit));
        }
        return lines;
    }
}
