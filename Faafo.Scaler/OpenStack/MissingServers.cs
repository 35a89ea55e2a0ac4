using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Creates the servers that a flock lacks, several at a time: their addresses are known from their ports. The loop replaces those that
/// fail later, but never the services.
/// </summary>
internal sealed class MissingServers(
    OpenStackClient cloud, FlockSpec flock, ResourceNames names, ExternalResources external, Action<string> progress)
{
    private const int Attempts = 3;
    private const int Parallelism = 4;
    private static readonly TimeSpan DeleteTimeout = TimeSpan.FromMinutes(3);

    /// <summary>Replaces failed servers, and creates those that are missing.</summary>
    public async Task CreateAsync(IInstanceProvider instances, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var managed = await ManagedResources.ReadAsync(cloud, names, cancellationToken);
            await DeleteFailedAsync(managed, cancellationToken);
            var missing = FlockPlan.Make(flock, names, managed, external).Missing;
            try
            {
                await CreateAsync(instances, missing, cancellationToken);
                return;
            }
            catch (Exception e) when (attempt < Attempts && e is ProviderException or FailureException)
            {
                progress($"{e.Message}; retrying");
            }
        }
    }

    // A server that is being deleted still holds the port that its successor needs.
    private async Task DeleteFailedAsync(ManagedResources managed, CancellationToken cancellationToken)
    {
        var removal = new FlockRemoval(cloud, names) { Timeout = DeleteTimeout };
        foreach (var failed in managed.Servers.Where(IsReplaceable))
        {
            progress($"- server {failed.Name}: in ERROR ({failed.Fault?.Message ?? "no reason given"})");
            await removal.RemoveAsync(CloudResource.From(failed), cancellationToken);
        }
        await Task.WhenAll(managed.Leaving.Select(server => server.WaitUntilDeletedAsync(DeleteTimeout, cancellationToken)));
    }

    private static bool IsReplaceable(Server server) =>
        FlockServers.HasEnded(server) && FlockServers.GroupOf(server) != FlockSpec.Services;

    private async Task CreateAsync(IInstanceProvider instances, IReadOnlyList<string> missing, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, options, async (node, stop) =>
        {
            var number = InstanceName.OrdinalOf(node);
            var group = flock.AllGroups.First(group => node == InstanceName.Of(group.Name, number));
            await instances.CreateAsync(group, node, stop);
            progress($"+ server {node}");
        });
    }
}
