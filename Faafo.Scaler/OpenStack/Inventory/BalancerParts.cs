using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>
/// The parts of a load balancer of Octavia that the flock needs. Each is created by a call of its own, so any of them may be missing; a
/// listener and a pool that someone added to the same balancer are not among them.
/// </summary>
/// <param name="Listener">The listener of the APIs' port.</param>
/// <param name="Pool">The pool of the APIs, with the id of its health monitor.</param>
/// <param name="Members">The members of the pool.</param>
internal sealed record BalancerParts(Listener? Listener, Pool? Pool, IReadOnlyList<Member> Members)
{
    /// <summary>The port of the APIs and of the listener.</summary>
    public const int Port = 80;

    /// <summary>Whether requests reach the pool.</summary>
    public bool IsConnected => Listener is not null && Pool is not null && Listener.DefaultPoolId == Pool.Id;

    /// <summary>Reads the parts. Octavia may ignore the filter of its lists, so the balancer of each part is compared again.</summary>
    public static async Task<BalancerParts> ReadAsync(
        OpenStackClient cloud, ResourceNames names, string balancerId, CancellationToken cancellationToken)
    {
        var listener = await cloud.LoadBalancing.ListListenersAsync(balancerId, cancellationToken)
            .FirstOrDefaultAsync(
                one => one.LoadBalancerIds.Contains(balancerId) && one.ProtocolPort == Port, cancellationToken);
        var pools = await cloud.LoadBalancing.ListPoolsAsync(balancerId, cancellationToken)
            .Where(one => one.LoadBalancerIds.Contains(balancerId)).ToListAsync(cancellationToken);
        var pool = listener?.DefaultPoolId is { } connected
            ? pools.Find(one => one.Id == connected)
            : pools.Find(one => one.Name == names.Own);
        var members = pool is null ? [] : await cloud.LoadBalancing.ListMembersAsync(pool.Id, cancellationToken)
            .ToListAsync(cancellationToken);
        return new BalancerParts(listener, pool, members);
    }

    /// <summary>Whether a member is the API at an address.</summary>
    public static bool IsAt(Member member, string address) => member.Address == address && member.ProtocolPort == Port;
}
