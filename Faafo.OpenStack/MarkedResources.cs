using System.Text.Json.Serialization;
using Faafo.OpenStack.Compute;

namespace Faafo.OpenStack;

/// <summary>
/// Everything in the project that carries a mark, to be taken away together: servers that have it as a tag, load balancers, floating addresses,
/// ports, routers, networks and security groups that have it as their description, volumes that have it as a key of their metadata (with
/// their snapshots). The cloud itself remembers what belongs together, so that nothing is lost when a program is killed: the next one that
/// knows the mark finds it. Disposal removes it all, unless it is to be kept.
/// </summary>
public sealed class MarkedResources : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PortPatience = TimeSpan.FromMinutes(1);
    private readonly OpenStackClient _cloud;
    private readonly bool _keep;
    private readonly Action<string>? _onRemoved;
    private readonly Stack<(string What, Func<CancellationToken, Task<bool>> Remove)> _unmarkable = new();

    internal MarkedResources(OpenStackClient cloud, string mark, bool keep, Action<string>? onRemoved)
    {
        if (mark.Length is 0 or > 60 || mark.AsSpan().IndexOfAny('/', ',') >= 0)
        {
            throw new ArgumentException($"'{mark}' can't be a mark: 1 to 60 characters without '/' and ','.", nameof(mark));
        }

        (_cloud, Mark, _keep, _onRemoved) = (cloud, mark, keep, onRemoved);
    }

    /// <summary>The mark.</summary>
    public string Mark { get; }

    /// <summary>Takes care of something that can't carry a mark, such as a key pair: it is removed first, what came last before the others.</summary>
    /// <param name="what">What it is, for people.</param>
    /// <param name="remove">Removes it and waits until it is gone; false when there was none.</param>
    public void Add(string what, Func<CancellationToken, Task<bool>> remove) => _unmarkable.Push((what, remove));

    /// <summary>Removes everything there is, waits until it is gone, and removes the rest when something can't be removed.</summary>
    /// <exception cref="OpenStackException">Something could not be removed; the message has all of it.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken = default)
    {
        var left = new List<string>();
        while (_unmarkable.TryPop(out var one))
        {
            await TryAsync(one.What, one.Remove).ConfigureAwait(false);
        }

        var catalog = (await _cloud.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false)).Catalog;
        if (catalog.Has(ServiceType.LoadBalancer))
        {
            await EachAsync(ServiceType.LoadBalancer, "/lbaas/loadbalancers", "load balancer", async (id, token) =>
            {
                var found = await _cloud.LoadBalancing.DeleteLoadBalancerAsync(id, token).ConfigureAwait(false);
                await _cloud.LoadBalancing.WaitUntilDeletedAsync(id, Patience, token).ConfigureAwait(false);
                return found;
            }).ConfigureAwait(false);
        }

        await RemoveServersAsync(TryAsync, cancellationToken).ConfigureAwait(false);
        if (catalog.Has(ServiceType.BlockStorage))
        {
            await RemoveVolumesAsync(TryAsync, cancellationToken).ConfigureAwait(false);
        }

        var neutron = _cloud.Networking;
        await EachAsync(ServiceType.Network, "/floatingips", "floating address", neutron.DeleteFloatingIPAsync).ConfigureAwait(false);
        await EachAsync(ServiceType.Network, "/ports", "port", neutron.DeletePortAsync).ConfigureAwait(false);
        await EachAsync(ServiceType.Network, "/routers", "router", RemoveRouterAsync).ConfigureAwait(false);
        await EachAsync(ServiceType.Network, "/networks", "network", neutron.DeleteNetworkAsync).ConfigureAwait(false);
        await EachAsync(
            ServiceType.Network, "/security-groups", "security group", (id, token) => neutron.DeleteSecurityGroupAsync(id, null, token)).ConfigureAwait(false);
        if (left.Count > 0)
        {
            throw new OpenStackException(string.Join('\n', left));
        }

        async Task EachAsync(ServiceType service, string path, string kind, Func<string, CancellationToken, Task<bool>> remove)
        {
            var client = new ServiceClient(_cloud.Session, service);
            foreach (var item in await FindAsync(client, path, cancellationToken).ConfigureAwait(false))
            {
                // What was plugged in a network is unplugged some time after it was deleted.
                await TryAsync($"{kind} {item.Label}", token => client.Waiting.RetryAsync(
                    PortPatience, again => remove(item.Id, again), e => e is ConflictException, token)).ConfigureAwait(false);
            }
        }

        async Task TryAsync(string what, Func<CancellationToken, Task<bool>> remove)
        {
            try
            {
                if (await remove(cancellationToken).ConfigureAwait(false))
                {
                    _onRemoved?.Invoke($"removed {what}");
                }
            }
            catch (OpenStackException e)
            {
                left.Add($"{what} is left: {e.Message}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_keep)
        {
            await RemoveAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task RemoveServersAsync(Func<string, Func<CancellationToken, Task<bool>>, Task> tryAsync, CancellationToken cancellationToken)
    {
        var servers = await _cloud.Compute.ListServersAsync(new ServerQuery { Tags = [Mark] }, cancellationToken)
            .OrderBy(server => server.Name, StringComparer.Ordinal).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var server in servers)
        {
            await _cloud.Compute.DeleteServerAsync(server.Id, cancellationToken).ConfigureAwait(false);
        }

        foreach (var server in servers)
        {
            await tryAsync($"server {server.Name}", async token =>
            {
                await server.WaitUntilDeletedAsync(Patience, token).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
    }

    private async Task RemoveVolumesAsync(Func<string, Func<CancellationToken, Task<bool>>, Task> tryAsync, CancellationToken cancellationToken)
    {
        var cinder = _cloud.BlockStorage;
        var volumes = await cinder.ListVolumesAsync(null, cancellationToken).Where(volume => volume.Metadata.ContainsKey(Mark))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var volume in volumes)
        {
            foreach (var snapshot in await cinder.ListSnapshotsAsync(volume.Id, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false))
            {
                await tryAsync($"snapshot {snapshot.Name}", token => RemoveFromCinderAsync(
                    snapshot.Status,
                    () => cinder.WaitUntilSnapshotAvailableAsync(snapshot.Id, Patience, token),
                    () => cinder.DeleteSnapshotAsync(snapshot.Id, token),
                    () => cinder.WaitUntilSnapshotDeletedAsync(snapshot.Id, Patience, token))).ConfigureAwait(false);
            }

            await tryAsync($"volume {volume.Name}", token => RemoveFromCinderAsync(
                volume.Status,
                () => cinder.WaitUntilStatusAsync(volume.Id, "available", Patience, token),
                () => cinder.DeleteVolumeAsync(volume.Id, token),
                () => cinder.WaitUntilDeletedAsync(volume.Id, Patience, token))).ConfigureAwait(false);
        }
    }

    // Cinder refuses to delete what is being made, or held by a server that has just gone: it is waited for. What failed can be deleted, and what is
    // being deleted needs no second word.
    private static async Task<bool> RemoveFromCinderAsync(string status, Func<Task> untilAvailable, Func<Task<bool>> delete, Func<Task> untilDeleted)
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

    private async Task<bool> RemoveRouterAsync(string id, CancellationToken cancellationToken)
    {
        var interfaces = _cloud.Networking.ListPortsAsync(deviceId: id, deviceOwner: "network:router_interface", cancellationToken: cancellationToken);
        foreach (var port in await interfaces.ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            await _cloud.Networking.RemoveRouterInterfaceAsync(id, port.FixedIps[0].SubnetId!, cancellationToken).ConfigureAwait(false);
        }

        return await _cloud.Networking.DeleteRouterAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Of this project alone: an administrator sees those of all projects.</summary>
    private async Task<List<MarkedItem>> FindAsync(ServiceClient client, string path, CancellationToken cancellationToken)
    {
        var project = (await _cloud.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false)).Project?.Id;
        var query = new QueryString(path).Add("description", Mark).Add("project_id", project).ToString();
        var key = path[(path.LastIndexOf('/') + 1)..].Replace('-', '_');
        return await client.ListAsync(query, key, MarkedJson.Default.MarkedItem, cancellationToken)
            .Where(item => item.Description == Mark).OrderBy(item => item.Label, StringComparer.Ordinal).ToListAsync(cancellationToken).ConfigureAwait(false);
    }
}

internal sealed record MarkedItem(string Id, string? Name, string? Description, string? FloatingIpAddress)
{
    [JsonIgnore]
    public string Label => FloatingIpAddress ?? (Name is { Length: > 0 } name ? name : Id);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MarkedItem))]
internal sealed partial class MarkedJson : JsonSerializerContext;
