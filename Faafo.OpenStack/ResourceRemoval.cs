namespace Faafo.OpenStack;

/// <summary>
/// Deletes resources of one project in dependency order, waits until they are gone, and retries what other resources still hold: Neutron
/// refuses (409) to delete a port, network or group for some time after its server was deleted. A failure does not stop the rest.
/// Everything that is deleted because a list names it passes here. What is inside a resource goes with it: the subnets of a network, the
/// listeners and pools of a load balancer.
/// </summary>
/// <param name="cloud">The cloud.</param>
/// <param name="projectId">The project; with none nothing is deleted.</param>
/// <param name="isMarked">
/// Whether a resource's own fields carry the mark of what may be deleted. It is asked before each deletion, and so is the resource's
/// project: a service may ignore a filter that it does not know, and an administrator is shown all projects, so being listed proves
/// nothing.
/// </param>
public sealed class ResourceRemoval(OpenStackClient cloud, string? projectId, Func<CloudResource, bool> isMarked)
{
    private const int Parallelism = 8;
    private static readonly TimeSpan ConflictTimeout = TimeSpan.FromMinutes(1);

    private readonly Lock _reporting = new();

    /// <summary>How long to wait for one resource until it is gone.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Called with each resource that was deleted, one at a time.</summary>
    public Action<CloudResource>? OnRemoved { get; init; }

    /// <summary>Called with each resource that could not be deleted and the reason, one at a time.</summary>
    public Action<CloudResource, OpenStackException>? OnFailed { get; init; }

    /// <summary>Deletes the resources that belong to the project and carry the mark, and leaves the others alone.</summary>
    /// <param name="resources">The resources, in any order.</param>
    /// <param name="cancellationToken">Stops between two requests.</param>
    public async Task RunAsync(IEnumerable<CloudResource> resources, CancellationToken cancellationToken = default)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        foreach (var kind in resources.Where(IsOwned).GroupBy(resource => resource.Kind).OrderBy(kind => kind.Key))
        {
            await Parallel.ForEachAsync(kind, options, TryRemoveAsync).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes one resource and waits until it is gone.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="cancellationToken">Stops between two requests.</param>
    /// <returns>False when it was gone before.</returns>
    /// <exception cref="OpenStackException">
    /// The resource does not belong to the project or does not carry the mark, and nothing was sent; or it could not be deleted.
    /// </exception>
    public Task<bool> RemoveAsync(CloudResource resource, CancellationToken cancellationToken = default) => IsOwned(resource)
        ? DeleteAsync(resource, cancellationToken)
        : throw new OpenStackException($"cannot delete {resource} ({resource.Id}): it does not carry the mark, or is another project's");

    private bool IsOwned(CloudResource resource) =>
        !string.IsNullOrEmpty(projectId) && resource.ProjectId == projectId && isMarked(resource);

    private async ValueTask TryRemoveAsync(CloudResource resource, CancellationToken cancellationToken)
    {
        try
        {
            if (await RemoveAsync(resource, cancellationToken).ConfigureAwait(false))
            {
                lock (_reporting)
                {
                    OnRemoved?.Invoke(resource);
                }
            }
        }
        catch (OpenStackException e)
        {
            lock (_reporting)
            {
                OnFailed?.Invoke(resource, e);
            }
        }
    }

    /// <summary>Deletes a resource and waits until it is gone.</summary>
    /// <returns>False when it was gone before.</returns>
    private Task<bool> DeleteAsync(CloudResource resource, CancellationToken cancellationToken) => resource.Kind switch
    {
        ResourceKind.Server => DeleteServerAsync(resource, cancellationToken),
        ResourceKind.Snapshot => DeleteSnapshotAsync(resource, cancellationToken),
        ResourceKind.Volume => DeleteVolumeAsync(resource, cancellationToken),
        ResourceKind.LoadBalancer => DeleteLoadBalancerAsync(resource.Id, cancellationToken),
        _ => cloud.Networking.RetryConflictsAsync(
            ConflictTimeout, token => DeleteFromNeutronAsync(resource.Kind, resource.Id, token), cancellationToken),
    };

    private Task<bool> DeleteFromNeutronAsync(ResourceKind kind, string id, CancellationToken cancellationToken) => kind switch
    {
        ResourceKind.FloatingIP => cloud.Networking.DeleteFloatingIPAsync(id, cancellationToken),
        ResourceKind.Port => cloud.Networking.DeletePortAsync(id, cancellationToken),
        ResourceKind.Router => DeleteRouterAsync(id, cancellationToken),
        ResourceKind.Subnet => cloud.Networking.DeleteSubnetAsync(id, cancellationToken),
        ResourceKind.Network => cloud.Networking.DeleteNetworkAsync(id, cancellationToken),
        ResourceKind.SecurityGroup => cloud.Networking.DeleteSecurityGroupAsync(id, TimeSpan.Zero, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // A conflict of Nova's does not pass by itself: the server is locked.
    private async Task<bool> DeleteServerAsync(CloudResource resource, CancellationToken cancellationToken)
    {
        var server = resource.Server ?? await cloud.Compute.GetServerAsync(resource.Id, cancellationToken).ConfigureAwait(false);
        await cloud.Compute.DeleteServerAsync(server.Id, cancellationToken).ConfigureAwait(false);
        await Compute.ServerWaiters.WaitUntilDeletedAsync(server, Timeout, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> DeleteLoadBalancerAsync(string id, CancellationToken cancellationToken)
    {
        var isFound = await cloud.LoadBalancing.DeleteLoadBalancerAsync(id, cancellationToken).ConfigureAwait(false);
        await cloud.LoadBalancing.WaitUntilDeletedAsync(id, Timeout, cancellationToken).ConfigureAwait(false);
        return isFound;
    }

    private async Task<bool> DeleteRouterAsync(string id, CancellationToken cancellationToken)
    {
        var interfaces = cloud.Networking
            .ListPortsAsync(deviceId: id, deviceOwner: "network:router_interface", cancellationToken: cancellationToken)
            .Where(port => port.DeviceId == id && port.DeviceOwner == "network:router_interface");
        var ports = await interfaces.ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var subnet in ports.SelectMany(port => port.FixedIPs).Select(ip => ip.SubnetId).OfType<string>().Distinct())
        {
            await cloud.Networking.RemoveRouterInterfaceAsync(id, subnet, cancellationToken).ConfigureAwait(false);
        }
        return await cloud.Networking.DeleteRouterAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private Task<bool> DeleteSnapshotAsync(CloudResource snapshot, CancellationToken cancellationToken) => DeleteFromCinderAsync(
        snapshot.Status,
        () => cloud.BlockStorage.WaitUntilSnapshotAvailableAsync(snapshot.Id, Timeout, cancellationToken),
        () => cloud.BlockStorage.DeleteSnapshotAsync(snapshot.Id, cancellationToken),
        () => cloud.BlockStorage.WaitUntilSnapshotDeletedAsync(snapshot.Id, Timeout, cancellationToken));

    private Task<bool> DeleteVolumeAsync(CloudResource volume, CancellationToken cancellationToken) => DeleteFromCinderAsync(
        volume.Status,
        () => cloud.BlockStorage.WaitUntilStatusAsync(volume.Id, "available", Timeout, cancellationToken),
        () => cloud.BlockStorage.DeleteVolumeAsync(volume.Id, cancellationToken),
        () => cloud.BlockStorage.WaitUntilDeletedAsync(volume.Id, Timeout, cancellationToken));

    // Cinder refuses to delete what is being created, or what a server that has just gone still holds: wait for it. A failed resource can
    // be deleted at once, and one that is being deleted needs no second request. A volume may go with its server (delete_on_termination).
    private static async Task<bool> DeleteFromCinderAsync(
        string? status, Func<Task> waitUntilAvailable, Func<Task<bool>> delete, Func<Task> waitUntilDeleted)
    {
        var isFound = true;
        if (status != "deleting")
        {
            try
            {
                await (status is "available" or "error" ? Task.CompletedTask : waitUntilAvailable()).ConfigureAwait(false);
            }
            catch (ResourceFailedException)
            {
                // It failed while it was created or detached, which does not keep it from being deleted.
            }
            catch (NotFoundException)
            {
                return false;
            }
            isFound = await delete().ConfigureAwait(false);
        }
        await waitUntilDeleted().ConfigureAwait(false);
        return isFound;
    }
}
