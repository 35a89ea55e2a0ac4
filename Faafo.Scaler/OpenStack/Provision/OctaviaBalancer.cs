using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>The load balancer of Octavia in front of the APIs: HTTP, with <c>GET /readyz</c> as health check.</summary>
internal sealed class OctaviaBalancer(OpenStackClient cloud, ResourceNames names, Action<string> progress)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private string? _id;
    private string? _pool;

    /// <summary>Creates what is missing of the balancer.</summary>
    /// <param name="network">The network of the APIs.</param>
    /// <param name="external">The network of its floating IP; null for none.</param>
    /// <param name="cancellationToken">Interrupts it; the next run continues.</param>
    /// <returns>Its private address.</returns>
    public async Task<string> EnsureAsync(string network, string? external, CancellationToken cancellationToken)
    {
        var balancer = await EnsureBalancerAsync(network, cancellationToken);
        var listener = await EnsureListenerAsync(balancer, cancellationToken);
        var pool = await EnsurePoolAsync(balancer, listener, cancellationToken);
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
        if (!await MembersAsync(address, cancellationToken).AnyAsync(cancellationToken))
        {
            var member = new NewMember(address, SecurityRules.Http) { Name = node };
            await cloud.LoadBalancing.CreateMemberAsync(_id!, _pool!, member, cancellationToken);
            progress($"+ member {node} of the load balancer");
        }
    }

    /// <summary>Removes an API from the pool.</summary>
    public async Task RemoveAsync(string address, CancellationToken cancellationToken)
    {
        foreach (var member in await MembersAsync(address, cancellationToken).ToListAsync(cancellationToken))
        {
            await cloud.LoadBalancing.DeleteMemberAsync(_id!, _pool!, member.Id, cancellationToken);
        }
    }

    /// <summary>Removes the APIs with other addresses from the pool, which a scaler left there that was interrupted.</summary>
    public async Task RemoveAllExceptAsync(IEnumerable<string> addresses, CancellationToken cancellationToken)
    {
        var kept = addresses.ToHashSet();
        var stale = await cloud.LoadBalancing.ListMembersAsync(_pool!, cancellationToken)
            .Where(member => !kept.Contains(member.Address)).ToListAsync(cancellationToken);
        foreach (var member in stale)
        {
            await cloud.LoadBalancing.DeleteMemberAsync(_id!, _pool!, member.Id, cancellationToken);
            progress($"- member {member.Name} of the load balancer");
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

    private async Task<Listener> EnsureListenerAsync(LoadBalancer balancer, CancellationToken cancellationToken)
    {
        var existing = await cloud.LoadBalancing.ListListenersAsync(balancer.Id, cancellationToken).FirstOrDefaultAsync(cancellationToken);
        return existing ?? await cloud.LoadBalancing.CreateListenerAsync(
            new NewListener(balancer.Id, ListenerProtocol.Http, SecurityRules.Http) { Name = names.Own }, cancellationToken);
    }

    private async Task<Pool> EnsurePoolAsync(LoadBalancer balancer, Listener listener, CancellationToken cancellationToken)
    {
        var existing = await cloud.LoadBalancing.ListPoolsAsync(balancer.Id, cancellationToken).FirstOrDefaultAsync(cancellationToken);
        if (existing is not null)
        {
            return existing;
        }
        var pool = await cloud.LoadBalancing.CreatePoolAsync(
            balancer.Id,
            new NewPool(PoolProtocol.Http, BalancingAlgorithm.LeastConnections) { Name = names.Own, ListenerId = listener.Id },
            cancellationToken);
        await cloud.LoadBalancing.CreateHealthMonitorAsync(
            balancer.Id, new NewHealthMonitor(pool.Id, HealthMonitorType.Http) { UrlPath = "/readyz" }, cancellationToken);
        return pool;
    }

    private async Task EnsureFloatingIPAsync(LoadBalancer balancer, string external, CancellationToken cancellationToken)
    {
        var hasAddress = await cloud.Networking.ListFloatingIPsAsync(balancer.VipPortId, cancellationToken: cancellationToken)
            .AnyAsync(cancellationToken);
        if (!hasAddress)
        {
            var address = await cloud.Networking.AttachFloatingIPToPortAsync(balancer.VipPortId!, external, names.Mark, cancellationToken);
            progress($"+ floating address {address.Address} of load balancer {names.Own}");
        }
    }

    private IAsyncEnumerable<Member> MembersAsync(string address, CancellationToken cancellationToken) =>
        cloud.LoadBalancing.ListMembersAsync(_pool!, cancellationToken).Where(member => member.Address == address);
}
