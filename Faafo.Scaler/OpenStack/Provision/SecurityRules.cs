using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// The security groups of a flock, as in the guide: the API's HTTP and SSH from anywhere, workers only SSH, database and queue only from
/// who needs them. Behind a balancer, HTTP reaches the APIs from the balancer alone.
/// </summary>
internal static class SecurityRules
{
    public const int Http = 80;
    public const int Ssh = 22;
    public const int PostgreSql = 5432;
    public const int Amqp = 5672;

    /// <summary>One rule: a TCP port, from a group of the flock, from the own network's range, or from anywhere (both null).</summary>
    public sealed record Rule(int Port, string? FromGroup = null)
    {
        /// <summary>The rule in words.</summary>
        public override string ToString() => $"tcp {Port} from {FromGroup ?? "anywhere"}";
    }

    /// <summary>The rules of a group of instances.</summary>
    public static IReadOnlyList<Rule> Of(FlockSpec flock, string group) => group switch
    {
        FlockSpec.Services => [new(Ssh), new(PostgreSql, FlockSpec.Api), new(Amqp, FlockSpec.Api), new(Amqp, FlockSpec.Worker)],
        FlockSpec.Api when flock.Balancing == Balancing.HAProxy => [new(Ssh), new(Http, FlockSpec.LoadBalancer)],
        FlockSpec.Api or FlockSpec.LoadBalancer => [new(Ssh), new(Http)],
        _ => [new(Ssh)],
    };

    /// <summary>What a group in the cloud lacks and what it has too much; egress is left to Neutron.</summary>
    /// <param name="flock">The flock.</param>
    /// <param name="group">The group's name in the flock.</param>
    /// <param name="actual">The group as it is.</param>
    /// <param name="ids">The ids of the flock's security groups, by the name of the group of instances.</param>
    public static (IReadOnlyList<Rule> Missing, IReadOnlyList<SecurityGroupRule> Surplus) Compare(
        FlockSpec flock, string group, SecurityGroup actual, IReadOnlyDictionary<string, string> ids)
    {
        var wanted = Of(flock, group);
        var ingress = actual.Rules.Where(rule => rule.Direction == "ingress").ToArray();
        return ([.. wanted.Where(rule => !ingress.Any(one => Is(rule, one, ids)))], [.. ingress.Where(one => !wanted.Any(rule => Is(rule, one, ids)))]);
    }

    /// <summary>Gives every group its rules.</summary>
    public static async Task ApplyAsync(OpenStackClient cloud, FlockSpec flock, IReadOnlyDictionary<string, SecurityGroup> groups,
        Action<string> progress, CancellationToken cancellationToken)
    {
        var ids = groups.ToDictionary(group => group.Key, group => group.Value.Id);
        await Parallel.ForEachAsync(groups, cancellationToken, async (group, stop) =>
        {
            foreach (var rule in Compare(flock, group.Key, group.Value, ids).Missing)
            {
                var made = rule.FromGroup is { } from ? Ingress.Tcp(rule.Port).From(groups[from]) : Ingress.Tcp(rule.Port);
                await cloud.Networking.AddSecurityGroupRuleAsync(group.Value.Id, made, stop);
                progress($"+ rule of {group.Value.Name}: {rule}");
            }
        });
    }

    /// <summary>The rules that are none of the groups' any more, each with its group.</summary>
    public static IReadOnlyList<(SecurityGroup Group, SecurityGroupRule Rule)> Surplus(FlockSpec flock, ResourceNames names, IReadOnlyList<SecurityGroup> groups)
    {
        var ids = Ids(names, groups);
        return [.. flock.AllGroups.SelectMany(group => groups.Where(one => one.Name == names.Of(group.Name))
            .SelectMany(found => Compare(flock, group.Name, found, ids).Surplus.Select(rule => (found, rule))))];
    }

    /// <summary>The ids of a flock's security groups, by the name of the group of instances.</summary>
    public static IReadOnlyDictionary<string, string> Ids(ResourceNames names, IReadOnlyList<SecurityGroup> groups) =>
        groups.Where(one => one.Name.StartsWith(names.Of(""), StringComparison.Ordinal))
            .ToLookup(one => one.Name[names.Of("").Length..], one => one.Id).ToDictionary(one => one.Key, one => one.First());

    private static bool Is(Rule rule, SecurityGroupRule actual, IReadOnlyDictionary<string, string> ids) =>
        actual.Protocol == "tcp" && actual.PortRangeMin == rule.Port && actual.PortRangeMax == rule.Port && actual.EtherType == "IPv4"
        && (rule.FromGroup is { } from ? ids.TryGetValue(from, out var id) && actual.RemoteGroupId == id
            : actual.RemoteGroupId is null && actual.RemoteIpPrefix is null or "0.0.0.0/0");
}
