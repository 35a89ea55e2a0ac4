using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>
/// The ingress rules of a flock's security groups, as in the guide: HTTP and SSH to the APIs from anywhere, only SSH to workers,
/// database and queue only for the groups that use them. Behind HAProxy the APIs accept HTTP from the balancer only. Pure: changes nothing.
/// </summary>
internal static class SecurityRules
{
    /// <summary>The port of the APIs and balancers.</summary>
    public const int Http = 80;

    private const int Ssh = 22;
    private const int PostgreSql = 5432;
    private const int Amqp = 5672;

    /// <summary>The rules of a group of instances.</summary>
    public static IReadOnlyList<SecurityRule> Of(FlockSpec flock, string group) => group switch
    {
        FlockSpec.Services => [new(Ssh), new(PostgreSql, FlockSpec.Api), new(Amqp, FlockSpec.Api), new(Amqp, FlockSpec.Worker)],
        FlockSpec.Api when flock.Balancing == Balancing.HAProxy => [new(Ssh), new(Http, FlockSpec.LoadBalancer)],
        FlockSpec.Api or FlockSpec.LoadBalancer => [new(Ssh), new(Http)],
        _ => [new(Ssh)],
    };

    /// <summary>Compares a security group with its rules; egress stays as Neutron creates it.</summary>
    /// <param name="flock">The flock.</param>
    /// <param name="group">The name of the group of instances.</param>
    /// <param name="actual">The security group in the cloud.</param>
    /// <param name="ids">The ids of the flock's security groups by the name of their group of instances.</param>
    public static (IReadOnlyList<SecurityRule> Missing, IReadOnlyList<SecurityGroupRule> Surplus) Compare(
        FlockSpec flock, string group, SecurityGroup actual, IReadOnlyDictionary<string, string> ids)
    {
        var wanted = Of(flock, group);
        var ingress = actual.Rules.Where(rule => rule.Direction == RuleDirection.Ingress).ToArray();
        var missing = wanted.Where(rule => !ingress.Any(one => IsSame(rule, one, ids)));
        var surplus = ingress.Where(one => !wanted.Any(rule => IsSame(rule, one, ids)));
        return ([.. missing], [.. surplus]);
    }

    /// <summary>Finds the rules in the cloud that flock.yaml no longer asks for, each with its security group.</summary>
    public static IReadOnlyList<(SecurityGroup Group, SecurityGroupRule Rule)> FindSurplus(
        FlockSpec flock, ResourceNames names, IReadOnlyList<SecurityGroup> groups)
    {
        var ids = Ids(names, groups);
        var surplus = from spec in flock.AllGroups
                      from actual in groups
                      where actual.Name == names.Of(spec.Name)
                      from rule in Compare(flock, spec.Name, actual, ids).Surplus
                      select (actual, rule);
        return [.. surplus];
    }

    /// <summary>The ids of a flock's security groups by the name of their group of instances.</summary>
    public static IReadOnlyDictionary<string, string> Ids(ResourceNames names, IReadOnlyList<SecurityGroup> groups)
    {
        var prefix = names.Of("");
        return groups.Where(group => group.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToLookup(group => group.Name[prefix.Length..], group => group.Id)
            .ToDictionary(group => group.Key, group => group.First());
    }

    private static bool IsSame(SecurityRule rule, SecurityGroupRule actual, IReadOnlyDictionary<string, string> ids)
    {
        if (actual.Protocol != RuleProtocol.Tcp || actual.EtherType != EtherType.IPv4
            || actual.PortRangeMin != rule.Port || actual.PortRangeMax != rule.Port)
        {
            return false;
        }
        if (rule.FromGroup is null)
        {
            return actual.RemoteGroupId is null && actual.RemoteIpPrefix is null or "0.0.0.0/0";
        }
        return ids.TryGetValue(rule.FromGroup, out var id) && actual.RemoteGroupId == id;
    }
}
