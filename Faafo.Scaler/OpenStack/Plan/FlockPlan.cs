using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>The difference between flock.yaml and the cloud. Pure: changes nothing, and can be tested without a cloud.</summary>
/// <param name="Changes">The changes that <c>up</c> would make, in its order.</param>
/// <param name="Missing">The names of the instances to create.</param>
/// <param name="Quota">The use of the project's quotas, before and after.</param>
internal sealed record FlockPlan(IReadOnlyList<Change> Changes, IReadOnlyList<string> Missing, IReadOnlyList<QuotaLine> Quota)
{
    /// <summary>Compares flock.yaml with the cloud.</summary>
    /// <exception cref="FailureException">flock.yaml asks for a change that cannot be made to an existing flock.</exception>
    public static FlockPlan Make(FlockSpec flock, ResourceNames names, ManagedResources managed, ExternalResources external)
    {
        OrphanFinder.Check(flock, managed);
        UserDataCheck.Check(flock);
        var servers = new ServerPlan(flock, names, managed, external);
        servers.Compare();
        var addresses = servers.MissingAddresses + (BalancerPlan.LacksAddress(flock, managed) ? 1 : 0);
        Change[] changes =
        [
            .. KeyPair(flock, names, managed),
            .. NetworkPlan.Compare(flock, names, managed, external),
            .. SecurityGroups(flock, names, managed),
            .. Containers(names, managed),
            .. BalancerPlan.Compare(flock, names, managed),
            .. servers.Changes,
            .. Drifted(flock, names, managed, external),
            .. OrphanFinder.Changes(flock, names, managed),
            .. OrphanFinder.FindUnusedCredentials(flock, names, managed, external)
                .Select(id => OrphanFinder.Deleted($"application credential {id}")),
        ];
        return new FlockPlan(changes, servers.Missing, QuotaDemand.Compute(flock, names, servers.Missing, addresses, managed, external));
    }

    /// <summary>Checks the plan against the project's quota, before anything is created.</summary>
    /// <exception cref="FailureException">The plan exceeds a limit.</exception>
    public void CheckQuota()
    {
        var exceeded = Quota.Where(line => line.IsExceeded).Select(line => line.ToString()).ToArray();
        if (exceeded.Length > 0)
        {
            throw new FailureException($"the project's quota is too small: {string.Join("; ", exceeded)}; "
                + "lower min in flock.yaml, choose a smaller flavor, or ask for a larger quota. Nothing was created");
        }
    }

    private static IEnumerable<Change> KeyPair(FlockSpec flock, ResourceNames names, ManagedResources managed)
    {
        if (flock.PublicKeyFile is { } file && managed.KeyPair is null)
        {
            yield return new('+', $"key pair {names.KeyPair} from {file}");
        }
    }

    private static IEnumerable<Change> SecurityGroups(FlockSpec flock, ResourceNames names, ManagedResources managed)
    {
        var ids = SecurityRules.Ids(names, managed.SecurityGroups);
        foreach (var group in flock.AllGroups)
        {
            var found = managed.SecurityGroups.FirstOrDefault(one => one.Name == names.Of(group.Name));
            if (found is null)
            {
                yield return new('+', $"security group {names.Of(group.Name)}: {string.Join(", ", SecurityRules.Of(flock, group.Name))}");
                continue;
            }
            foreach (var rule in SecurityRules.Compare(flock, group.Name, found, ids).Missing)
            {
                yield return new('~', $"security group {found.Name}: gets {rule}");
            }
        }
        foreach (var (group, rule) in SecurityRules.FindSurplus(flock, names, managed.SecurityGroups))
        {
            yield return new('~', $"security group {group.Name}: loses {rule.Protocol} {rule.PortRangeMin}");
        }
    }

    private static IEnumerable<Change> Containers(ResourceNames names, ManagedResources managed)
    {
        foreach (var name in (string[])[names.Container, names.Images])
        {
            if (!managed.Containers.Any(container => container.Name == name))
            {
                yield return new('+', $"container {name}");
            }
        }
        if (managed.Login is null)
        {
            yield return new('+', $"application credential {names.Own}");
        }
    }

    private static IEnumerable<Change> Drifted(
        FlockSpec flock, ResourceNames names, ManagedResources managed, ExternalResources external) =>
        from server in InstanceTemplateHash.FindDrifted(flock, names, managed, external)
        where !FlockServers.HasEnded(server) && FlockServers.HeldStatus(server) is null
        let name = FlockServers.GroupOf(server)
        let advice = name == FlockSpec.LoadBalancer ? "delete it, and the loop creates it again with the same address" : $"roll {name}"
        select new Change('~', $"server {server.Name}: changed ({advice})");
}
