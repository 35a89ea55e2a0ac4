using System.Collections.Concurrent;
using System.Net;
using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// The ports of instances with a stable address. A port outlives its server, so a replaced instance is found at the same address.
/// </summary>
internal sealed class InstancePorts(
    OpenStackClient cloud, ResourceNames names, OctaviaBalancer? balancer, Action<string> progress)
{
    private readonly ConcurrentDictionary<string, Task<Port>> _ports = new();
    private readonly ConcurrentDictionary<string, string> _addresses = new();
    private readonly ConcurrentDictionary<string, (GroupSpec Group, string Network)> _unreleased = new();

    private FlockRemoval Removal => new(cloud, names);

    /// <summary>The last known address of an instance; null if it had no port yet.</summary>
    public string? AddressOf(string node) => _addresses.GetValueOrDefault(node);

    /// <summary>Creates the port of an instance if it does not exist, with its floating IP, and adds an API to the balancer.</summary>
    /// <param name="group">The group of the instance.</param>
    /// <param name="node">The name of the instance.</param>
    /// <param name="placement">The network and the security groups of the group.</param>
    /// <param name="external">The network of its floating IP; null for none.</param>
    /// <param name="cancellationToken">Interrupts it; the next call continues.</param>
    public async Task<Port> EnsureAsync(
        GroupSpec group, string node, GroupPlacement placement, string? external, CancellationToken cancellationToken)
    {
        _unreleased.TryRemove(node, out _);
        var port = _ports.GetOrAdd(node, _ => CreateAsync(group, node, placement, external, cancellationToken));
        try
        {
            return await port;
        }
        catch
        {
            // Do not cache a failed attempt; the next call retries.
            _ports.TryRemove(KeyValuePair.Create(node, port));
            throw;
        }
    }

    /// <summary>Forgets a port, which someone may have deleted; the next call reads it again.</summary>
    public void Forget(string node) => _ports.TryRemove(node, out _);

    /// <summary>Deletes the port and the floating IP of an instance that is not replaced.</summary>
    public async Task ReleaseAsync(GroupSpec group, string node, string network, CancellationToken cancellationToken)
    {
        _unreleased[node] = (group, network);
        _ports.TryRemove(node, out _);
        foreach (var port in await FindAsync(node, network, cancellationToken))
        {
            var addresses = cloud.Networking.ListFloatingIPsAsync(port.Id, names.Project, cancellationToken)
                .Where(address => address.PortId == port.Id);
            await foreach (var address in addresses)
            {
                await ReleaseAsync(address, cancellationToken);
            }
            if (balancer is not null && group.Name == FlockSpec.Api && PortAddress.Find(port) is { } member)
            {
                await balancer.RemoveAsync(member, cancellationToken);
            }
            await Removal.RemoveAsync(CloudResource.From(port), cancellationToken);
        }
        _addresses.TryRemove(node, out _);
        _unreleased.TryRemove(node, out _);
    }

    /// <summary>
    /// Deletes the ports and floating IPs whose deletion failed: their servers are gone, so no decision of the loop names them again.
    /// </summary>
    public async Task ReleaseRestAsync(CancellationToken cancellationToken)
    {
        foreach (var (node, (group, network)) in _unreleased)
        {
            await ReleaseAsync(group, node, network, cancellationToken);
        }
    }

    // A floating IP that the project had before the flock stays with the project.
    private async Task ReleaseAsync(FloatingIP address, CancellationToken cancellationToken)
    {
        if (names.Owns(address))
        {
            await Removal.RemoveAsync(CloudResource.From(address), cancellationToken);
        }
        else if (names.IsInProject(address.ProjectId))
        {
            await Removal.DetachAsync(address, cancellationToken);
        }
    }

    private async Task<Port> CreateAsync(
        GroupSpec group, string node, GroupPlacement placement, string? external, CancellationToken cancellationToken)
    {
        var existing = await FindAsync(node, placement.Network, cancellationToken);
        var port = ApiPorts.InOrder(existing).FirstOrDefault();
        if (port is null)
        {
            port = await CreatePortAsync(node, placement, cancellationToken);
            progress($"+ port {port.Name} ({PortAddress.Of(port)})");
        }
        _addresses[node] = PortAddress.Of(port);
        if (external is not null)
        {
            await EnsureFloatingIPAsync(port, node, external, cancellationToken);
        }
        if (balancer is not null && group.Name == FlockSpec.Api)
        {
            await balancer.AddAsync(node, PortAddress.Of(port), cancellationToken);
        }
        return port;
    }

    // Other instances know the address of a port that was deleted: the next one gets it too, unless it was given away.
    private async Task<Port> CreatePortAsync(string node, GroupPlacement placement, CancellationToken cancellationToken)
    {
        var wanted = new NewPort(placement.Network)
        {
            Name = names.Of(node),
            Description = names.Mark,
            SecurityGroups = placement.SecurityGroups,
        };
        if (AddressOf(node) is not { } former)
        {
            return await cloud.Networking.CreatePortAsync(wanted, cancellationToken);
        }
        try
        {
            var same = wanted with { FixedIPs = [new FixedIP { IpAddress = former }] };
            return await cloud.Networking.CreatePortAsync(same, cancellationToken);
        }
        catch (OpenStackApiException e) when (e is ConflictException || e.Status == HttpStatusCode.BadRequest)
        {
            progress($"  the address {former} of {node} is no longer free: instances that know it must be rolled");
            return await cloud.Networking.CreatePortAsync(wanted, cancellationToken);
        }
    }

    private async Task EnsureFloatingIPAsync(Port port, string node, string external, CancellationToken cancellationToken)
    {
        var hasAddress = await cloud.Networking.ListFloatingIPsAsync(port.Id, cancellationToken: cancellationToken)
            .AnyAsync(address => address.PortId == port.Id, cancellationToken);
        if (!hasAddress)
        {
            var address = await cloud.Networking.AttachFloatingIPToPortAsync(port.Id, external, names.Mark, cancellationToken);
            progress($"+ floating address {address.Address} of {node}");
        }
    }

    private async Task<IReadOnlyList<Port>> FindAsync(string node, string network, CancellationToken cancellationToken) =>
        await cloud.Networking.ListPortsAsync(networkId: network, projectId: names.Project, cancellationToken: cancellationToken)
            .Where(port => port.Name == names.Of(node) && names.Owns(port) && port.NetworkId == network).ToListAsync(cancellationToken);
}
