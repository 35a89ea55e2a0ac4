using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;

namespace Faafo.OpenStack;

/// <summary>
/// Removes what carries a mark in one project, in the order in which things let go of each other. What can't be removed does not keep the
/// rest.
/// </summary>
internal sealed class ScopeRemoval(OpenStackClient cloud, string mark, string? projectId, Action<string>? onRemoved)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PortTimeout = TimeSpan.FromMinutes(1);

    /// <summary>What is still there and why, for people.</summary>
    public List<string> Left { get; } = [];

    public async Task RunAsync(ServiceCatalog catalog, CancellationToken cancellationToken)
    {
        if (catalog.Has(ServiceType.LoadBalancer))
        {
            await RemoveDescribedAsync(ServiceType.LoadBalancer, "/lbaas/loadbalancers", "load balancer", async (id, token) =>
            {
                var found = await cloud.LoadBalancing.DeleteLoadBalancerAsync(id, token).ConfigureAwait(false);
                await cloud.LoadBalancing.WaitUntilDeletedAsync(id, Timeout, token).ConfigureAwait(false);
                return found;
            }, cancellationToken).ConfigureAwait(false);
        }

        await RemoveServersAsync(cancellationToken).ConfigureAwait(false);
        if (catalog.Has(ServiceType.BlockStorage))
        {
            await RemoveVolumesAsync(cancellationToken).ConfigureAwait(false);
        }

        var neutron = cloud.Networking;
        await RemoveFromNeutronAsync("/floatingips", "floating address", neutron.DeleteFloatingIPAsync).ConfigureAwait(false);
        await RemoveFromNeutronAsync("/ports", "port", neutron.DeletePortAsync).ConfigureAwait(false);
        await RemoveFromNeutronAsync("/routers", "router", RemoveRouterAsync).ConfigureAwait(false);
        await RemoveFromNeutronAsync("/networks", "network", neutron.DeleteNetworkAsync).ConfigureAwait(false);
        await RemoveFromNeutronAsync(
            "/security-groups", "security group", (id, token) => neutron.DeleteSecurityGroupAsync(id, null, token)).ConfigureAwait(false);

        Task RemoveFromNeutronAsync(string path, string kind, Func<string, CancellationToken, Task<bool>> remove) =>
            RemoveDescribedAsync(ServiceType.Network, path, kind, remove, cancellationToken);
    }

    /// <summary>Removes one thing and says so; a failure is noted.</summary>
    /// <returns>False when it failed.</returns>
    public async Task<bool> TryAsync(string what, Func<CancellationToken, Task<bool>> remove, CancellationToken cancellationToken)
    {
        try
        {
            if (await remove(cancellationToken).ConfigureAwait(false))
            {
                onRemoved?.Invoke($"removed {what}");
            }

            return true;
        }
        catch (OpenStackException e)
        {
            Left.Add($"{what} is left: {e.Message}");
            return false;
        }
    }

    /// <summary>
    /// The only way to a deletion. A service may ignore a filter that it does not know, and an administrator is shown all projects: so that
    /// what a resource says of itself decides, and not that it was listed.
    /// </summary>
    /// <param name="what">The resource, for people.</param>
    /// <param name="isMarked">Whether its own fields carry the mark.</param>
    /// <param name="owner">The project that it says it belongs to; what does not say so is left alone.</param>
    /// <param name="delete">Deletes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private Task<bool> DeleteAsync(
        string what, bool isMarked, string? owner, Func<CancellationToken, Task<bool>> delete, CancellationToken cancellationToken) =>
        isMarked && owner is not null && owner == projectId ? TryAsync(what, delete, cancellationToken) : Task.FromResult(false);

    private async Task<List<T>> ListAsync<T>(
        string kind, IAsyncEnumerable<T> all, Func<T, string> label, CancellationToken cancellationToken)
    {
        try
        {
            return await all.OrderBy(label, StringComparer.Ordinal).ToListAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OpenStackException e)
        {
            Left.Add($"{kind}s are not known: {e.Message}");
            return [];
        }
    }

    private async Task RemoveServersAsync(CancellationToken cancellationToken)
    {
        var servers = cloud.Compute.ListServersAsync(new ServerQuery { Tags = [mark] }, cancellationToken);
        var going = new List<Server>();
        foreach (var server in await ListAsync("server", servers, server => server.Name, cancellationToken).ConfigureAwait(false))
        {
            var isAccepted = await DeleteAsync($"server {server.Name}", server.Tags.Contains(mark), server.ProjectId, async token =>
            {
                await cloud.Compute.DeleteServerAsync(server.Id, token).ConfigureAwait(false);
                return false; // It is removed when it is gone.
            }, cancellationToken).ConfigureAwait(false);
            if (isAccepted)
            {
                going.Add(server);
            }
        }

        foreach (var server in going)
        {
            await TryAsync($"server {server.Name}", async token =>
            {
                await server.WaitUntilDeletedAsync(Timeout, token).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveVolumesAsync(CancellationToken cancellationToken)
    {
        var cinder = cloud.BlockStorage;
        var volumes = cinder.ListVolumesAsync(null, cancellationToken).Where(IsMarked);
        foreach (var volume in await ListAsync("volume", volumes, volume => volume.Name ?? "", cancellationToken).ConfigureAwait(false))
        {
            var all = cinder.ListSnapshotsAsync(volume.Id, cancellationToken);
            var snapshots = await ListAsync("snapshot", all, snapshot => snapshot.Name ?? "", cancellationToken).ConfigureAwait(false);
            foreach (var snapshot in snapshots)
            {
                var isOfVolume = IsMarked(volume) && snapshot.VolumeId == volume.Id;
                var owner = snapshot.ProjectId ?? OwnerOf(volume);
                await DeleteAsync($"snapshot {snapshot.Name}", isOfVolume, owner, token => RemoveFromCinderAsync(
                    snapshot.Status,
                    () => cinder.WaitUntilSnapshotAvailableAsync(snapshot.Id, Timeout, token),
                    () => cinder.DeleteSnapshotAsync(snapshot.Id, token),
                    () => cinder.WaitUntilSnapshotDeletedAsync(snapshot.Id, Timeout, token)), cancellationToken).ConfigureAwait(false);
            }

            await DeleteAsync($"volume {volume.Name}", IsMarked(volume), OwnerOf(volume), token => RemoveFromCinderAsync(
                volume.Status,
                () => cinder.WaitUntilStatusAsync(volume.Id, "available", Timeout, token),
                () => cinder.DeleteVolumeAsync(volume.Id, token),
                () => cinder.WaitUntilDeletedAsync(volume.Id, Timeout, token)), cancellationToken).ConfigureAwait(false);
        }
    }

    // Cinder's list is that of the project in its path, also for administrators; that a volume names it is up to the cloud's policy.
    private string? OwnerOf(Volume volume) => volume.ProjectId ?? projectId;

    private bool IsMarked(Volume volume) => volume.Metadata.ContainsKey(mark);

    // Cinder refuses to delete what is being made, or held by a server that has just gone: it is waited for. What failed can be deleted,
    // and what is being deleted needs no second request.
    private static async Task<bool> RemoveFromCinderAsync(
        string status, Func<Task> untilAvailable, Func<Task<bool>> delete, Func<Task> untilDeleted)
    {
        var found = true;
        if (status != "deleting")
        {
            try
            {
                await (status is "available" or "error" ? Task.CompletedTask : untilAvailable()).ConfigureAwait(false);
            }
            catch (ResourceFailedException)
            {
                // It failed on its way.
            }

            found = await delete().ConfigureAwait(false);
        }

        await untilDeleted().ConfigureAwait(false);
        return found;
    }

    private async Task<bool> RemoveRouterAsync(string id, CancellationToken token)
    {
        var interfaces = cloud.Networking.ListPortsAsync(deviceId: id, deviceOwner: "network:router_interface", cancellationToken: token)
            .Where(port => port.DeviceId == id);
        foreach (var port in await interfaces.ToListAsync(token).ConfigureAwait(false))
        {
            if (port.FixedIps.Select(ip => ip.SubnetId).OfType<string>().FirstOrDefault() is { } subnet)
            {
                await cloud.Networking.RemoveRouterInterfaceAsync(id, subnet, token).ConfigureAwait(false);
            }
        }

        return await cloud.Networking.DeleteRouterAsync(id, token).ConfigureAwait(false);
    }

    private async Task RemoveDescribedAsync(
        ServiceType service,
        string path,
        string kind,
        Func<string, CancellationToken, Task<bool>> remove,
        CancellationToken cancellationToken)
    {
        var client = new ServiceClient(cloud.Session, service);
        var key = path[(path.LastIndexOf('/') + 1)..].Replace('-', '_');
        var query = new QueryString(path).Add("description", mark);
        var items = client.ListAsync(query, projectId, item => item.ProjectId, key, ScopeJson.Default.ScopedItem, cancellationToken);
        foreach (var item in await ListAsync(kind, items, item => item.Label, cancellationToken).ConfigureAwait(false))
        {
            // What was plugged in a network is unplugged some time after it was deleted.
            Task<bool> UntilUnpluggedAsync(CancellationToken token) =>
                client.Poller.RetryAsync(PortTimeout, again => remove(item.Id, again), e => e is ConflictException, token);

            await DeleteAsync($"{kind} {item.Label}", item.Description == mark, item.ProjectId, UntilUnpluggedAsync, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
