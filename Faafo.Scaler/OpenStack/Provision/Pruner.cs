using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>Takes out of the cloud what of a flock is wanted no more.</summary>
internal sealed class Pruner(OpenStackClient cloud, FlockSpec flock, ResourceNames names, Action<string> progress)
{
    /// <summary>Removes what a scaler that was cut off has left. No loop may run, since what an instance is about to get looks the same.</summary>
    public async Task RemoveAbandonedAsync(CancellationToken cancellationToken) =>
        await DeleteAsync(OrphanFinder.Abandoned(flock, names, await ManagedResources.ReadAsync(cloud, names, cancellationToken)), cancellationToken);

    /// <summary>
    /// Removes what has left flock.yaml, once everything else works: workers know the API only by the address of the balancer that goes, or
    /// by one that lets in none but the new balancer, until they are replaced.
    /// </summary>
    /// <param name="instances">The instances.</param>
    /// <param name="rolling">Has the control loop, which must run, replace workers.</param>
    /// <param name="api">Forgets the nodes that go.</param>
    /// <param name="cancellationToken">Gives up; what is left then, the next run finds.</param>
    /// <exception cref="FailureException">Something is left.</exception>
    public async Task RemoveUnwantedAsync(OpenStackInstances instances, Operator orders, IFaafoApi api, CancellationToken cancellationToken)
    {
        var there = await ManagedResources.ReadAsync(cloud, names, cancellationToken);
        var left = OrphanFinder.Unwanted(flock, names, there);
        var rules = SecurityRules.Surplus(flock, names, there.SecurityGroups);
        if (left.Count + rules.Count == 0)
        {
            return;
        }
        if (await OutdatedAsync() > 0)
        {
            await rolling.RollAsync(FlockSpec.Worker, all: false, cancellationToken);
            if (await OutdatedAsync() is > 0 and var old)
            {
                throw new FailureException($"{old} workers are not replaced yet");
            }
        }
        foreach (var (group, rule) in rules)
        {
            await cloud.Networking.DeleteSecurityGroupRuleAsync(rule.Id, cancellationToken);
            progress($"- rule of {group.Name}: {rule.Protocol} {rule.PortRangeMin} from {rule.RemoteGroupId ?? rule.RemoteIpPrefix ?? "anywhere"}");
        }
        await DeleteAsync(left, cancellationToken);
        foreach (var server in left.Servers)
        {
            await api.ForgetNodeAsync(server.Name, cancellationToken);
        }

        async Task<int> OutdatedAsync() => (await instances.FindDriftedAsync(FlockSpec.Worker, cancellationToken)).Count;
    }

    private async Task DeleteAsync(ManagedResources left, CancellationToken cancellationToken)
    {
        var teardown = new Teardown(cloud, names, progress);
        await teardown.DeleteAsync(left, cancellationToken);
        if (teardown.Left.Count > 0)
        {
            throw new FailureException($"{teardown.Left.Count} things could not be deleted");
        }
    }
}
