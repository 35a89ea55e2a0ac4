using System.Collections.Concurrent;
using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>Creates the security groups of a flock and their rules. Surplus rules stay; the <see cref="Pruner"/> removes them.</summary>
internal sealed class SecurityGroupBuilder(OpenStackClient cloud, FlockSpec flock, ResourceNames names, Action<string> progress)
{
    /// <summary>Creates what is missing.</summary>
    /// <returns>The security groups by the name of their group of instances.</returns>
    public async Task<IReadOnlyDictionary<string, SecurityGroup>> EnsureAsync(CancellationToken cancellationToken)
    {
        var existing = await cloud.Networking.ListSecurityGroupsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken);
        var groups = new ConcurrentDictionary<string, SecurityGroup>();
        await Parallel.ForEachAsync(flock.AllGroups, cancellationToken, async (group, stop) =>
        {
            var name = names.Of(group.Name);
            var found = existing.Find(one => one.Name == name);
            if (found is null)
            {
                found = await cloud.Networking.CreateSecurityGroupAsync(name, names.Mark, stop);
                progress($"+ security group {name}");
            }
            groups[group.Name] = found;
        });
        await EnsureRulesAsync(groups, cancellationToken);
        return groups;
    }

    private async Task EnsureRulesAsync(ConcurrentDictionary<string, SecurityGroup> groups, CancellationToken cancellationToken)
    {
        var ids = groups.ToDictionary(group => group.Key, group => group.Value.Id);
        await Parallel.ForEachAsync(groups, cancellationToken, async (group, stop) =>
        {
            foreach (var rule in SecurityRules.Compare(flock, group.Key, group.Value, ids).Missing)
            {
                var ingress = Ingress.Tcp(rule.Port);
                if (rule.FromGroup is { } from)
                {
                    ingress = ingress.From(groups[from]);
                }
                await cloud.Networking.AddSecurityGroupRuleAsync(group.Value.Id, ingress, stop);
                progress($"+ rule of {group.Value.Name}: {rule}");
            }
        });
    }
}
