using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;

namespace Faafo.OpenStack;

/// <summary>Lists what carries a mark in one project. A list that fails does not keep the others.</summary>
internal sealed class ScopeListing(OpenStackClient cloud, string mark, string? projectId)
{
    /// <summary>Which lists failed and why, for people.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Lists the resources, sorted by name within a kind.</summary>
    public async Task<List<CloudResource>> RunAsync(ServiceCatalog catalog, CancellationToken cancellationToken)
    {
        var servers = cloud.Compute.ListServersAsync(new ServerQuery { Tags = [mark] }, cancellationToken);
        var found = await ReadAsync(ResourceKind.Server, servers.Select(server => CloudResource.From(server)), cancellationToken)
            .ConfigureAwait(false);
        if (catalog.Has(ServiceType.BlockStorage))
        {
            await AddVolumesAsync(found, cancellationToken).ConfigureAwait(false);
        }
        if (catalog.Has(ServiceType.LoadBalancer))
        {
            await AddAsync(ServiceType.LoadBalancer, "/lbaas/loadbalancers", ResourceKind.LoadBalancer).ConfigureAwait(false);
        }
        await AddAsync(ServiceType.Network, "/floatingips", ResourceKind.FloatingIP).ConfigureAwait(false);
        await AddAsync(ServiceType.Network, "/ports", ResourceKind.Port).ConfigureAwait(false);
        await AddAsync(ServiceType.Network, "/routers", ResourceKind.Router).ConfigureAwait(false);
        await AddAsync(ServiceType.Network, "/networks", ResourceKind.Network).ConfigureAwait(false);
        await AddAsync(ServiceType.Network, "/security-groups", ResourceKind.SecurityGroup).ConfigureAwait(false);
        return found;

        async Task AddAsync(ServiceType service, string path, ResourceKind kind) => found.AddRange(
            await ReadAsync(kind, ListDescribedAsync(service, path, kind, cancellationToken), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Whether a resource's own fields carry the mark.</summary>
    public bool IsMarked(CloudResource resource) => resource.Kind is ResourceKind.Server or ResourceKind.Snapshot or ResourceKind.Volume
        ? resource.Tags.Contains(mark)
        : resource.Description == mark;

    private IAsyncEnumerable<CloudResource> ListDescribedAsync(
        ServiceType service, string path, ResourceKind kind, CancellationToken cancellationToken)
    {
        var client = new ServiceClient(cloud.Session, service);
        var key = path[(path.LastIndexOf('/') + 1)..].Replace('-', '_');
        var query = new QueryString(path).Add("description", mark);
        return client.ListAsync(query, projectId, item => item.ProjectId, key, ScopeJson.Default.ScopedItem, cancellationToken)
            .Select(item => CloudResource.Labelled(kind, item.Id, item.FloatingIpAddress ?? item.Name) with
            {
                ProjectId = item.ProjectId,
                Description = item.Description,
            });
    }

    private async Task AddVolumesAsync(List<CloudResource> found, CancellationToken cancellationToken)
    {
        // Cinder's list is that of the project in its path, also for administrators; whether a volume names it is up to the cloud's policy.
        var list = cloud.BlockStorage.ListVolumesAsync(null, cancellationToken).Select(volume => CloudResource.From(volume))
            .Where(IsMarked);
        var volumes = await ReadAsync(ResourceKind.Volume, list, cancellationToken).ConfigureAwait(false);
        foreach (var listed in volumes)
        {
            var volume = listed with { ProjectId = listed.ProjectId ?? projectId };
            // Cinder may ignore the filter, as it does with names of filters that the cloud has not enabled.
            var snapshots = cloud.BlockStorage.ListSnapshotsAsync(volume.Id, cancellationToken)
                .Where(snapshot => snapshot.VolumeId == volume.Id).Select(snapshot => SnapshotOf(volume, snapshot)).Where(IsMarked);
            found.AddRange(await ReadAsync(ResourceKind.Snapshot, snapshots, cancellationToken).ConfigureAwait(false));
            found.Add(volume);
        }
    }

    // A snapshot of a marked volume may be someone else's: without a mark of its own it stays, and so does the volume.
    private static CloudResource SnapshotOf(CloudResource volume, Snapshot snapshot) =>
        CloudResource.Labelled(ResourceKind.Snapshot, snapshot.Id, snapshot.Name) with
        {
            ProjectId = snapshot.ProjectId ?? volume.ProjectId,
            Tags = [.. snapshot.Metadata.Keys],
            Status = snapshot.Status.Value,
        };

    private async Task<List<CloudResource>> ReadAsync(
        ResourceKind kind, IAsyncEnumerable<CloudResource> list, CancellationToken cancellationToken)
    {
        try
        {
            return await list.OrderBy(resource => resource.Name, StringComparer.Ordinal).ToListAsync(cancellationToken)
                .ConfigureAwait(false);
        }
        catch (OpenStackException e)
        {
            Failures.Add($"cannot list {CloudResource.Words(kind)}s: {e.Message}");
            return [];
        }
    }
}
