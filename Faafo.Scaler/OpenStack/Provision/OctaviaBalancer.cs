using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// The load balancer of Octavia in front of the APIs: HTTP, with <c>GET /readyz</c> as health check. Balancer, listener, pool, health
/// monitor and members are created by one call each, so each is looked for by itself.
/// </summary>
internal sealed class OctaviaBalancer(OpenStackClient cloud, ResourceNames names, Action<string> progress)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private string? _id;
    private string? _pool;

    /// <summary>Creates what is missing of the balancer, except for members.</summary>
    /// <param name="network">The network of the APIs.</param>
    /// <param name="external">The network of its floating IP; null for none.</param>
    /// <param name="cancellationToken">Interrupts it; the next run continues.</param>
    /// <returns>Its private address.</returns>
    public async Task<string> EnsureAsync(string network, string? external, CancellationToken cancellationToken)
    {
        var balancer = await EnsureBalancerAsync(network, cancellationToken);
        var parts = await BalancerParts.ReadAsync(cloud, names, balancer.Id, cancellationToken);
        var pool = await EnsurePoolAsync(balancer.Id, parts, cancellationToken);
        if (pool.HealthMonitorId is null)
        {
            await cloud.LoadBalancing.CreateHealthMonitorAsync(
                balancer.Id, new NewHealthMonitor(pool.Id, HealthMonitorType.Http) { UrlPath = "/readyz" }, cancellationToken);
            progress($"+ health monitor of load balancer {names.Own}");
        }
        _id = balancer.Id;
        _pool = pool.Id;
        if (external is not null)
        {
            await EnsureFloatingIPAsync(balancer, external, cancellationToken);
        }
        return balancer.VipAddress!;
    }

    /// <summary>Adds an API to the pool.</summary>
    public async Task AddAsync(string node, string address, CancellationToken cancellationToken)
    {
        if (!(await MembersAsync(cancellationToken)).Exists(member => BalancerParts.IsAt(member, address)))
        {
            await CreateMemberAsync(node, address, cancellationToken);
        }
    }

    /// <summary>Removes an API from the pool.</summary>
    public async Task RemoveAsync(string address, CancellationToken cancellationToken)
    {
        foreach (var member in (await MembersAsync(cancellationToken)).Where(member => member.Address == address))
        {
            await cloud.LoadBalancing.DeleteMemberAsync(_id!, _pool!, member.Id, cancellationToken);
        }
    }

    /// <summary>
    /// Makes the APIs the members of the pool: adds those that are missing, and removes others, which a scaler left there that was
    /// interrupted.
    /// </summary>
    /// <param name="apis">The addresses of the APIs by their names.</param>
    /// <param name="cancellationToken">Interrupts it; the next run continues.</param>
    public async Task AlignMembersAsync(IReadOnlyDictionary<string, string> apis, CancellationToken cancellationToken)
    {
        var members = await MembersAsync(cancellationToken);
        foreach (var (node, address) in apis.Where(api => !members.Exists(member => BalancerParts.IsAt(member, api.Value))))
        {
            await CreateMemberAsync(node, address, cancellationToken);
        }
        foreach (var member in members.Where(member => !apis.Values.Any(address => BalancerParts.IsAt(member, address))))
        {
            await cloud.LoadBalancing.DeleteMemberAsync(_id!, _pool!, member.Id, cancellationToken);
            progress($"- member {member.Name} of load balancer {names.Own}");
        }
    }

    private async Task<LoadBalancer> EnsureBalancerAsync(string network, CancellationToken cancellationToken)
    {
        var balancer = await cloud.LoadBalancing.ListLoadBalancersAsync(names.Own, names.Project, cancellationToken)
            .FirstOrDefaultAsync(names.Owns, cancellationToken);
        if (balancer is null)
        {
            var subnet = await cloud.Networking.ListSubnetsAsync(network, cancellationToken: cancellationToken)
                .FirstAsync(subnet => subnet.IpVersion == 4, cancellationToken);
            balancer = await cloud.LoadBalancing.CreateLoadBalancerAsync(
                new NewLoadBalancer(names.Own, subnet.Id) { Description = names.Mark }, cancellationToken);
            progress($"+ load balancer {names.Own} ({balancer.VipAddress})");
        }
        return await cloud.LoadBalancing.WaitUntilActiveAsync(balancer.Id, Timeout, cancellationToken);
    }

    // A pool survives its listener, and is connected to the next one. A listener has at most one default pool.
    private async Task<Pool> EnsurePoolAsync(string balancer, BalancerParts parts, CancellationToken cancellationToken)
    {
        var listener = parts.Listener;
        if (listener is null)
        {
            listener = await cloud.LoadBalancing.CreateListenerAsync(
                new NewListener(balancer, ListenerProtocol.Http, BalancerParts.Port) { Name = names.Own, DefaultPoolId = parts.Pool?.Id },
                cancellationToken);
            progress($"+ listener of load balancer {names.Own}");
        }
        else if (parts.Pool is { } unconnected && !parts.IsConnected)
        {
            await cloud.LoadBalancing.UpdateListenerAsync(
                balancer, listener.Id, new ListenerUpdate { DefaultPoolId = unconnected.Id }, cancellationToken);
            progress($"~ listener of load balancer {names.Own}: gets its pool");
        }
        if (parts.Pool is { } existing)
        {
            return existing;
        }
        var pool = await cloud.LoadBalancing.CreatePoolAsync(
            balancer,
            new NewPool(PoolProtocol.Http, BalancingAlgorithm.LeastConnections) { Name = names.Own, ListenerId = listener.Id },
            cancellationToken);
        progress($"+ pool of load balancer {names.Own}");
        return pool;
    }

    private async Task EnsureFloatingIPAsync(LoadBalancer balancer, string external, CancellationToken cancellationToken)
    {
        var hasAddress = await cloud.Networking.ListFloatingIPsAsync(balancer.VipPortId, cancellationToken: cancellationToken)
            .AnyAsync(address => address.PortId == balancer.VipPortId, cancellationToken);
        if (!hasAddress)
        {
            var address = await cloud.Networking.AttachFloatingIPToPortAsync(balancer.VipPortId!, external, names.Mark, cancellationToken);
            progress($"+ floating address {address.Address} of load balancer {names.Own}");
        }
    }

    private async Task CreateMemberAsync(string node, string address, CancellationToken cancellationToken)
    {
        var member = new NewMember(address, BalancerParts.Port) { Name = node };
        await cloud.LoadBalancing.CreateMemberAsync(_id!, _pool!, member, cancellationToken);
        progress($"+ member {node} of load balancer {names.Own}");
    }

    // Octavia lists a deleted member until its balancer has changed; a new one at its address waits for that.
    private async Task<List<Member>> MembersAsync(CancellationToken cancellationToken) =>
        await cloud.LoadBalancing.ListMembersAsync(_pool!, cancellationToken)
            .Where(member => member.ProvisioningStatus != ProvisioningStatus.PendingDelete).ToListAsync(cancellationToken);
}
