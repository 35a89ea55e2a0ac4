using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>The cloud's own balancer before the APIs: HTTP, checked by <c>GET /readyz</c>, with a floating address.</summary>
internal sealed class OctaviaBalancer(OpenStackClient cloud, ResourceNames names, Action<string> progress)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private string? _id;
    private string? _pool;

    /// <summary>Makes what is missing of it.</summary>
    /// <param name="network">The network of the APIs.</param>
    /// <param name="external">Where its floating address comes from; null for none.</param>
    /// <param name="cancellationToken">Gives up; the next run goes on.</param>
    /// <returns>Its private address.</returns>
    public async Task<string> EnsureAsync(string network, string? external, CancellationToken cancellationToken)
    {
        var octavia = cloud.LoadBalancing;
        var known = await octavia.ListLoadBalancersAsync(names.Own, names.Project, cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken);
        if (known.Count == 0)
        {
            var subnet = (await cloud.Networking.ListSubnetsAsync(network, cancellationToken: cancellationToken)
                .Where(one => one.IpVersion == 4).ToListAsync(cancellationToken))[0];
            known.Add(await octavia.CreateLoadBalancerAsync(new NewLoadBalancer(names.Own, subnet.Id) { Description = names.Mark }, cancellationToken));
            progress($"+ load balancer {names.Own} ({known[0].VipAddress})");
        }
        var balancer = await octavia.WaitUntilActiveAsync(known[0].Id, Timeout, cancellationToken);
        var listeners = await octavia.ListListenersAsync(balancer.Id, cancellationToken).ToListAsync(cancellationToken);
        var listener = listeners.Count > 0 ? listeners[0]
            : await octavia.CreateListenerAsync(new NewListener(balancer.Id, "HTTP", SecurityRules.Http) { Name = names.Own }, cancellationToken);
        var pools = await octavia.ListPoolsAsync(balancer.Id, cancellationToken).ToListAsync(cancellationToken);
        if (pools.Count == 0)
        {
            pools.Add(await octavia.CreatePoolAsync(balancer.Id,
                new NewPool("HTTP", "LEAST_CONNECTIONS") { Name = names.Own, ListenerId = listener.Id }, cancellationToken));
            await octavia.CreateHealthMonitorAsync(balancer.Id, new NewHealthMonitor(pools[0].Id, "HTTP") { UrlPath = "/readyz" }, cancellationToken);
        }
        (_id, _pool) = (balancer.Id, pools[0].Id);
        if (external is not null && await cloud.Networking.ListFloatingIPsAsync(balancer.VipPortId, cancellationToken: cancellationToken).ToListAsync(cancellationToken) is { Count: 0 })
        {
            var address = await cloud.Networking.AttachFloatingIPToPortAsync(balancer.VipPortId!, external, names.Mark, cancellationToken);
            progress($"+ floating address {address.Address} of load balancer {names.Own}");
        }
        return balancer.VipAddress!;
    }

    /// <summary>Sends an API its share of the requests.</summary>
    public async Task JoinAsync(string node, string address, CancellationToken cancellationToken)
    {
        if ((await MembersAsync(address, cancellationToken)).Count == 0)
        {
            await cloud.LoadBalancing.AddMemberAsync(_id!, _pool!, new NewMember(address, SecurityRules.Http) { Name = node }, cancellationToken);
            progress($"+ member {node} of the load balancer");
        }
    }

    /// <summary>Sends nothing to APIs that are no longer there, of a scaler that was cut off while it removed one.</summary>
    public async Task KeepAsync(IEnumerable<string> addresses, CancellationToken cancellationToken)
    {
        var kept = addresses.ToHashSet();
        foreach (var member in await cloud.LoadBalancing.ListMembersAsync(_pool!, cancellationToken)
            .Where(one => !kept.Contains(one.Address)).ToListAsync(cancellationToken))
        {
            await cloud.LoadBalancing.RemoveMemberAsync(_id!, _pool!, member.Id, cancellationToken);
            progress($"- member {member.Name} of the load balancer");
        }
    }

    /// <summary>Sends an API nothing any more.</summary>
    public async Task LeaveAsync(string address, CancellationToken cancellationToken)
    {
        foreach (var member in await MembersAsync(address, cancellationToken))
        {
            await cloud.LoadBalancing.RemoveMemberAsync(_id!, _pool!, member.Id, cancellationToken);
        }
    }

    private Task<List<Member>> MembersAsync(string address, CancellationToken cancellationToken) =>
        cloud.LoadBalancing.ListMembersAsync(_pool!, cancellationToken)
            .Where(member => member.Address == address).ToListAsync(cancellationToken).AsTask();
}
