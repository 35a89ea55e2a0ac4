using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>
/// Octavia: load balancers and their parts. A balancer takes one change at a time, and answers 409 to any other while it is PENDING: changes
/// made through one client queue up per balancer, wait until it is ACTIVE, and are tried again when someone else was faster.
/// </summary>
public sealed class LoadBalancingService
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private readonly ServiceClient _client;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new();

    internal LoadBalancingService(CloudSession session) => _client = new ServiceClient(session, ServiceType.LoadBalancer);

    /// <summary>Lists balancers. "GET /v2/lbaas/loadbalancers".</summary>
    /// <param name="name">Only those of this name.</param>
    /// <param name="projectId">Only those of this project; <c>null</c> for all that are shown: to an administrator all projects'.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<LoadBalancer> ListLoadBalancersAsync(
        string? name = null, string? projectId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/lbaas/loadbalancers").Add("name", name),
        projectId,
        balancer => balancer.ProjectId,
        "loadbalancers",
        LoadBalancingJson.Default.LoadBalancer,
        cancellationToken);

    /// <summary>Reads a balancer. "GET /v2/lbaas/loadbalancers/{id}".</summary>
    public Task<LoadBalancer> GetLoadBalancerAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/lbaas/loadbalancers/{id}", "loadbalancer", LoadBalancingJson.Default.LoadBalancer, cancellationToken);

    /// <summary>Finds the only balancer of a name or id.</summary>
    public Task<LoadBalancer> FindLoadBalancerAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "load balancer",
        nameOrId,
        GetLoadBalancerAsync,
        ListLoadBalancersAsync(nameOrId, cancellationToken: cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Makes a balancer, which takes a while. "POST /v2/lbaas/loadbalancers".</summary>
    /// <param name="name">The name.</param>
    /// <param name="vipSubnetId">The subnet of its address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<LoadBalancer> CreateLoadBalancerAsync(string name, string vipSubnetId, CancellationToken cancellationToken = default) =>
        CreateLoadBalancerAsync(new NewLoadBalancer(name, vipSubnetId), cancellationToken);

    /// <summary>Makes a balancer, which takes a while. "POST /v2/lbaas/loadbalancers".</summary>
    public Task<LoadBalancer> CreateLoadBalancerAsync(NewLoadBalancer balancer, CancellationToken cancellationToken = default) => PostAsync(
        "/lbaas/loadbalancers",
        "loadbalancer",
        balancer,
        LoadBalancingJson.Default.NewLoadBalancer,
        LoadBalancingJson.Default.LoadBalancer,
        cancellationToken);

    /// <summary>Waits until a balancer takes changes.</summary>
    /// <exception cref="ResourceFailedException">It went to ERROR.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public async Task<LoadBalancer> WaitUntilActiveAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var balancer = await _client.Poller.UntilAsync(
            $"Load balancer {id}",
            timeout,
            token => GetLoadBalancerAsync(id, token),
            seen => seen.ProvisioningStatus is "ACTIVE" or "ERROR" or "DELETED",
            seen => seen.ProvisioningStatus,
            null,
            cancellationToken).ConfigureAwait(false);
        return balancer.ProvisioningStatus == "ACTIVE"
            ? balancer
            : throw new ResourceFailedException("load balancer", id, balancer.ProvisioningStatus, null);
    }

    /// <summary>Deletes a balancer with all its parts. "DELETE /v2/lbaas/loadbalancers/{id}?cascade=true".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteLoadBalancerAsync(string id, CancellationToken cancellationToken = default) => _client.Poller.RetryAsync(
        Timeout, token => _client.DeleteAsync($"/lbaas/loadbalancers/{id}?cascade=true", token), e => e is ConflictException, cancellationToken);

    /// <summary>Waits until a balancer is gone.</summary>
    /// <exception cref="ResourceFailedException">It went to ERROR instead.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public async Task WaitUntilDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var last = await _client.Poller.UntilAsync(
            $"Load balancer {id}",
            timeout,
            async token =>
            {
                try
                {
                    return (await GetLoadBalancerAsync(id, token).ConfigureAwait(false)).ProvisioningStatus;
                }
                catch (NotFoundException)
                {
                    return "DELETED";
                }
            },
            seen => seen is "DELETED" or "ERROR",
            seen => seen,
            null,
            cancellationToken).ConfigureAwait(false);
        if (last == "ERROR")
        {
            throw new ResourceFailedException("load balancer", id, last, null);
        }
    }

    /// <summary>Lists listeners. "GET /v2/lbaas/listeners".</summary>
    public IAsyncEnumerable<Listener> ListListenersAsync(string? loadBalancerId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/lbaas/listeners").Add("load_balancer_id", loadBalancerId).ToString(), "listeners", LoadBalancingJson.Default.Listener, cancellationToken);

    /// <summary>Makes a balancer listen on a port. "POST /v2/lbaas/listeners".</summary>
    public Task<Listener> CreateListenerAsync(NewListener listener, CancellationToken cancellationToken = default) => ChangeAsync(
        listener.LoadbalancerId,
        token => PostAsync("/lbaas/listeners", "listener", listener, LoadBalancingJson.Default.NewListener, LoadBalancingJson.Default.Listener, token),
        cancellationToken);

    /// <summary>Deletes a listener. "DELETE /v2/lbaas/listeners/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteListenerAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(loadBalancerId, token => _client.DeleteAsync($"/lbaas/listeners/{id}", token), cancellationToken);

    /// <summary>Lists pools. "GET /v2/lbaas/pools".</summary>
    public IAsyncEnumerable<Pool> ListPoolsAsync(string? loadBalancerId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/lbaas/pools").Add("loadbalancer_id", loadBalancerId).ToString(), "pools", LoadBalancingJson.Default.Pool, cancellationToken);

    /// <summary>Makes a pool of members. "POST /v2/lbaas/pools".</summary>
    /// <param name="loadBalancerId">The balancer.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Pool> CreatePoolAsync(string loadBalancerId, NewPool pool, CancellationToken cancellationToken = default) => ChangeAsync(
        loadBalancerId,
        token => PostAsync(
            "/lbaas/pools",
            "pool",
            pool.ListenerId is null ? pool with { LoadbalancerId = loadBalancerId } : pool,
            LoadBalancingJson.Default.NewPool,
            LoadBalancingJson.Default.Pool,
            token),
        cancellationToken);

    /// <summary>Deletes a pool. "DELETE /v2/lbaas/pools/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeletePoolAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(loadBalancerId, token => _client.DeleteAsync($"/lbaas/pools/{id}", token), cancellationToken);

    /// <summary>Lists a pool's members. "GET /v2/lbaas/pools/{pool}/members".</summary>
    public IAsyncEnumerable<Member> ListMembersAsync(string poolId, CancellationToken cancellationToken = default) =>
        _client.ListAsync($"/lbaas/pools/{poolId}/members", "members", LoadBalancingJson.Default.Member, cancellationToken);

    /// <summary>Adds a member to a pool. "POST /v2/lbaas/pools/{pool}/members".</summary>
    public Task<Member> AddMemberAsync(string loadBalancerId, string poolId, NewMember member, CancellationToken cancellationToken = default) => ChangeAsync(
        loadBalancerId,
        token => PostAsync($"/lbaas/pools/{poolId}/members", "member", member, LoadBalancingJson.Default.NewMember, LoadBalancingJson.Default.Member, token),
        cancellationToken);

    /// <summary>
    /// Changes a member's share of the traffic, 0 to 256; with 0 it gets no new connections and finishes those it has, which is how a member
    /// is drained. "PUT /v2/lbaas/pools/{pool}/members/{member}".
    /// </summary>
    public Task<Member> SetMemberWeightAsync(
        string loadBalancerId, string poolId, string memberId, int weight, CancellationToken cancellationToken = default) => ChangeAsync(
        loadBalancerId,
        token => _client.SendAsync(
            HttpMethod.Put,
            $"/lbaas/pools/{poolId}/members/{memberId}",
            Json.Write("member", new MemberWeight(weight), LoadBalancingJson.Default.MemberWeight),
            "member",
            LoadBalancingJson.Default.Member,
            token),
        cancellationToken);

    /// <summary>Removes a member. "DELETE /v2/lbaas/pools/{pool}/members/{member}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> RemoveMemberAsync(string loadBalancerId, string poolId, string memberId, CancellationToken cancellationToken = default) =>
        ChangeAsync(loadBalancerId, token => _client.DeleteAsync($"/lbaas/pools/{poolId}/members/{memberId}", token), cancellationToken);

    /// <summary>Makes a pool's members be checked. "POST /v2/lbaas/healthmonitors".</summary>
    public Task<HealthMonitor> CreateHealthMonitorAsync(
        string loadBalancerId, NewHealthMonitor monitor, CancellationToken cancellationToken = default) => ChangeAsync(
        loadBalancerId,
        token => PostAsync(
            "/lbaas/healthmonitors", "healthmonitor", monitor, LoadBalancingJson.Default.NewHealthMonitor, LoadBalancingJson.Default.HealthMonitor, token),
        cancellationToken);

    /// <summary>Ends the checks of a pool's members. "DELETE /v2/lbaas/healthmonitors/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteHealthMonitorAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(loadBalancerId, token => _client.DeleteAsync($"/lbaas/healthmonitors/{id}", token), cancellationToken);

    private async Task<T> ChangeAsync<T>(string loadBalancerId, Func<CancellationToken, Task<T>> change, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(loadBalancerId, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _client.Poller.RetryAsync(
                Timeout,
                async token =>
                {
                    await WaitUntilActiveAsync(loadBalancerId, Timeout, token).ConfigureAwait(false);
                    return await change(token).ConfigureAwait(false);
                },
                e => e is ConflictException && (e.Detail ?? "").Contains("immutable", StringComparison.OrdinalIgnoreCase),
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private Task<T> PostAsync<TBody, T>(
        string path, string key, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        _client.SendAsync(HttpMethod.Post, path, Json.Write(key, body, bodyType), key, type, cancellationToken);
}
