using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>Deletes resources of a flock that flock.yaml no longer describes or that an interrupted scaler left behind.</summary>
internal sealed class Pruner(OpenStackClient cloud, FlockSpec flock, ResourceNames names, Action<string> progress)
{
    /// <summary>
    /// Deletes what an interrupted scaler left behind. No loop may run meanwhile: the ports of an instance that is being created look the
    /// same. What cannot be deleted is reported and left to the next run; the flock works without that.
    /// </summary>
    /// <param name="external">The images and flavors of the instances.</param>
    /// <param name="login">The application credential that instances get.</param>
    /// <param name="cancellationToken">Interrupts it; the next run continues.</param>
    public async Task RemoveOrphanedAsync(ExternalResources external, ApplicationLogin login, CancellationToken cancellationToken)
    {
        var managed = await ManagedResources.ReadAsync(cloud, names, cancellationToken) with { Login = login.Id };
        var orphaned = OrphanFinder.FindOrphaned(flock, names, managed) with
        {
            Credentials = OrphanFinder.FindUnusedCredentials(flock, names, managed, external),
        };
        await new Teardown(cloud, names, progress).DeleteAsync(orphaned, cancellationToken);
    }

    /// <summary>
    /// Deletes what was removed from flock.yaml, after everything else works. Until they are replaced, workers know the API only by the
    /// address of the balancer that is deleted, or by the address of an API that accepts only the new balancer from now on.
    /// </summary>
    /// <param name="instances">The instances.</param>
    /// <param name="rollWorkers">Replaces the workers that have drifted; the loop must run.</param>
    /// <param name="api">Removes the nodes of deleted servers.</param>
    /// <param name="cancellationToken">Interrupts it; the next run continues.</param>
    /// <exception cref="FailureException">Something could not be deleted.</exception>
    public async Task RemoveUnwantedAsync(
        IInstanceProvider instances, Func<CancellationToken, Task> rollWorkers, IFaafoApi api, CancellationToken cancellationToken)
    {
        var managed = await ManagedResources.ReadAsync(cloud, names, cancellationToken);
        var removed = OrphanFinder.FindRemoved(flock, names, managed);
        var rules = SecurityRules.FindSurplus(flock, names, managed.SecurityGroups);
        if (removed.Count + rules.Count == 0)
        {
            return;
        }
        await ReplaceWorkersAsync(instances, rollWorkers, cancellationToken);
        var removal = new FlockRemoval(cloud, names);
        foreach (var (group, rule) in rules)
        {
            await removal.DeleteRuleAsync(group, rule, cancellationToken);
            var source = rule.RemoteGroupId ?? rule.RemoteIpPrefix ?? "anywhere";
            progress($"- rule of {group.Name}: {rule.Protocol} {rule.PortRangeMin} from {source}");
        }
        await DeleteAsync(removed, cancellationToken);
        foreach (var server in removed.Servers)
        {
            await api.ForgetNodeAsync(server.Name, cancellationToken);
        }
    }

    /// <summary>
    /// Deletes the stored programs that no instance was made from any more. An instance downloads them at its first boot, so all earlier
    /// ones stay while a single instance has drifted.
    /// </summary>
    public async Task RemoveOldBundlesAsync(IInstanceProvider instances, CancellationToken cancellationToken)
    {
        foreach (var group in flock.Groups)
        {
            if ((await instances.FindDriftedAsync(group.Name, cancellationToken)).Count > 0)
            {
                return;
            }
        }
        var selected = await StoredBundle.FindAsync(cloud, names, cancellationToken);
        var (deleted, _) = await new ContainerRemoval(cloud, names).DeleteObjectsAsync(
            names.Container, name => StoredBundle.IsBundle(name) && name != selected?.Object, cancellationToken);
        foreach (var name in deleted)
        {
            progress($"- bundle {name}: no instance was made from it");
        }
    }

    private static async Task ReplaceWorkersAsync(
        IInstanceProvider instances, Func<CancellationToken, Task> rollWorkers, CancellationToken cancellationToken)
    {
        if ((await instances.FindDriftedAsync(FlockSpec.Worker, cancellationToken)).Count == 0)
        {
            return;
        }
        await rollWorkers(cancellationToken);
        var drifted = await instances.FindDriftedAsync(FlockSpec.Worker, cancellationToken);
        if (drifted.Count > 0)
        {
            throw new FailureException($"{drifted.Count} workers are not replaced yet");
        }
    }

    private async Task DeleteAsync(ManagedResources resources, CancellationToken cancellationToken)
    {
        var teardown = new Teardown(cloud, names, progress);
        await teardown.DeleteAsync(resources, cancellationToken);
        if (teardown.Left.Count > 0)
        {
            throw new FailureException($"{teardown.Left.Count} resources could not be deleted; see the errors above");
        }
    }
}
