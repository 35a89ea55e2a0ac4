using System.Collections.Concurrent;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>Takes a flock out of its cloud: what carries its tag or mark, in the order in which one lets go of the other, and nothing else.</summary>
internal sealed class Teardown(OpenStackClient cloud, ResourceNames names, Action<string> progress)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly ConcurrentBag<string> _left = [];

    /// <summary>Deletes everything but the flock's own container, whose lease the caller holds.</summary>
    /// <param name="images">Whether the pictures go too.</param>
    /// <param name="cancellationToken">Gives up; what is left then, the next run finds.</param>
    /// <returns>What could not be deleted, with the reason.</returns>
    public async Task<IReadOnlyCollection<string>> RunAsync(bool images, CancellationToken cancellationToken)
    {
        var there = await ManagedResources.ReadAsync(cloud, names, cancellationToken);
        await DeleteAsync(there, cancellationToken);
        if (there.Containers.FirstOrDefault(container => container.Name == names.Images) is { } pictures)
        {
            if (images || await IsEmptyAsync(pictures.Name, cancellationToken))
            {
                await DeleteContainerAsync(pictures.Name, cancellationToken);
            }
            else
            {
                progress($"  container {pictures.Name} is left with the pictures: 'down --images' deletes them");
            }
        }
        return _left;
    }

    /// <summary>Deletes these things, but for containers.</summary>
    public async Task DeleteAsync(ManagedResources there, CancellationToken cancellationToken)
    {
        await EachAsync(there.Servers.Concat(there.Leaving), server => $"server {server.Name}", async (server, stop) =>
        {
            await cloud.Compute.DeleteServerAsync(server.Id, stop);
            await server.WaitUntilDeletedAsync(Timeout, stop);
        }, cancellationToken);
        await EachAsync(there.ReusedFloatingIPs, address => $"floating address {address.Address}", DetachAsync, cancellationToken,
            address => $"  floating address {address.Address} is left: the project had it before the flock");
        await EachAsync(there.FloatingIPs, address => $"floating address {address.Address}",
            (address, stop) => cloud.Networking.DeleteFloatingIPAsync(address.Id, stop), cancellationToken);
        await EachAsync(there.LoadBalancers, balancer => $"load balancer {balancer.Name}", async (balancer, stop) =>
        {
            await cloud.LoadBalancing.DeleteLoadBalancerAsync(balancer.Id, stop);
            await cloud.LoadBalancing.WaitUntilDeletedAsync(balancer.Id, Timeout, stop);
        }, cancellationToken);
        await EachAsync(there.Ports, port => $"port {port.Name}", (port, stop) => cloud.Networking.DeletePortAsync(port.Id, stop), cancellationToken);
        await EachAsync(there.Routers, router => $"router {router.Name}", async (router, stop) =>
        {
            var joined = cloud.Networking.ListPortsAsync(deviceId: router.Id, deviceOwner: "network:router_interface", cancellationToken: stop);
            foreach (var subnet in (await joined.ToListAsync(cancellationToken)).SelectMany(port => port.FixedIps).Select(ip => ip.SubnetId).Distinct())
            {
                await cloud.Networking.RemoveRouterInterfaceAsync(router.Id, subnet!, stop);
            }
            await cloud.Networking.DeleteRouterAsync(router.Id, stop);
        }, cancellationToken);
        await EachAsync(there.Subnets, subnet => $"subnet {subnet.Name}", (subnet, stop) => cloud.Networking.DeleteSubnetAsync(subnet.Id, stop), cancellationToken);
        await EachAsync(there.Networks, network => $"network {network.Name}", (network, stop) => cloud.Networking.DeleteNetworkAsync(network.Id, stop), cancellationToken);
        await EachAsync(there.SecurityGroups, group => $"security group {group.Name}",
            (group, stop) => cloud.Networking.DeleteSecurityGroupAsync(group.Id, cancellationToken: stop), cancellationToken);
        if (there.KeyPair is { } key)
        {
            await EachAsync([key], one => $"key pair {one.Name}", (one, stop) => cloud.Compute.DeleteKeyPairAsync(one.Name, stop), cancellationToken);
        }
        await EachAsync(there.Credentials, _ => $"application credential {names.Own}",
            (id, stop) => cloud.Identity.DeleteApplicationCredentialAsync(id, stop), cancellationToken);
        if (there.Login is { } login && !there.Credentials.Contains(login))
        {
            progress($"  application credential {login} is left: it belongs to another user, who alone can delete it");
        }
    }

    /// <summary>Deletes everything in a container but one object.</summary>
    /// <returns>Whether it could be deleted.</returns>
    public async Task<bool> EmptyAsync(string container, string? except, CancellationToken cancellationToken)
    {
        await EachAsync([container], name => $"content of container {name}", (name, stop) => EmptyContainerAsync(name, except, stop), cancellationToken,
            _ => null);
        return _left.IsEmpty;
    }

    /// <summary>Deletes a container that is empty.</summary>
    public Task DeleteEmptyContainerAsync(string container, CancellationToken cancellationToken) => EachAsync(
        [container], name => $"container {name}", (name, stop) => cloud.ObjectStorage.DeleteContainerAsync(name, stop), cancellationToken);

    private Task DeleteContainerAsync(string container, CancellationToken cancellationToken) =>
        EachAsync([container], name => $"container {name}", async (name, stop) =>
        {
            await EmptyContainerAsync(name, except: null, stop);
            await cloud.ObjectStorage.DeleteContainerAsync(name, stop);
        }, cancellationToken);

    private async Task EmptyContainerAsync(string name, string? except, CancellationToken cancellationToken)
    {
        var all = await cloud.ObjectStorage.ListObjectsAsync(name, cancellationToken: cancellationToken)
            .Where(one => one.Name != except).ToListAsync(cancellationToken);
        var objects = all.Select(one => one.Name!).ToArray();
        // One by one as well, for those that Swift has forgotten but still lists (X-Delete-After).
        await cloud.ObjectStorage.DeleteObjectsAsync(name, objects, cancellationToken);
        await Parallel.ForEachAsync(objects, cancellationToken, async (one, token) => await cloud.ObjectStorage.DeleteObjectAsync(name, one, token));
    }

    /// <summary>What could not be deleted, with the reason.</summary>
    public IReadOnlyCollection<string> Left => _left;

    private async Task<bool> IsEmptyAsync(string container, CancellationToken cancellationToken)
    {
        await foreach (var _ in cloud.ObjectStorage.ListObjectsAsync(container, cancellationToken: cancellationToken))
        {
            return false;
        }
        return true;
    }

    private async Task DetachAsync(FloatingIP address, CancellationToken cancellationToken)
    {
        try
        {
            await cloud.Networking.DetachFloatingIPAsync(address.Id, cancellationToken);
        }
        catch (NotFoundException)
        {
            // Its project has given it back meanwhile.
        }
    }

    private async Task EachAsync<T>(IEnumerable<T> things, Func<T, string> name, Func<T, CancellationToken, Task> delete, CancellationToken cancellationToken,
        Func<T, string?>? done = null) =>
        await Parallel.ForEachAsync(things, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (thing, stop) =>
        {
            try
            {
                await delete(thing, stop);
                if ((done is null ? $"- {name(thing)}" : done(thing)) is { } line)
                {
                    progress(line);
                }
            }
            catch (OpenStackException e)
            {
                _left.Add($"{name(thing)}: {e.Message}");
                progress($"  {name(thing)} is left: {e.Message}");
            }
        });
}
