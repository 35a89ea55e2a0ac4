namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Lists load balancers. "GET /v2/lbaas/loadbalancers".</summary>
    /// <param name="name">Filters by name.</param>
    /// <param name="projectId">
    /// Filters by project; <c>null</c> for all that the login may see: for an administrator those of all projects.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<LoadBalancer> ListLoadBalancersAsync(
        string? name = null, string? projectId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/lbaas/loadbalancers").Add("name", name),
        projectId,
        balancer => balancer.ProjectId,
        "loadbalancers",
        LoadBalancingJson.Default.LoadBalancer,
        cancellationToken);

    /// <summary>Reads a load balancer. "GET /v2/lbaas/loadbalancers/{id}".</summary>
    public virtual Task<LoadBalancer> GetLoadBalancerAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync(
            $"/lbaas/loadbalancers/{PathSegment.Of(id)}", "loadbalancer", LoadBalancingJson.Default.LoadBalancer, cancellationToken);

    /// <summary>Finds a load balancer by name or id; the name must be unique.</summary>
    public virtual Task<LoadBalancer> FindLoadBalancerAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        NameLookup.FindAsync(
        "load balancer",
        nameOrId,
        GetLoadBalancerAsync,
        ListLoadBalancersAsync(nameOrId, cancellationToken: cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Creates a load balancer; see <see cref="WaitUntilActiveAsync"/>. "POST /v2/lbaas/loadbalancers".</summary>
    /// <param name="name">The name.</param>
    /// <param name="vipSubnetId">The subnet of its address.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task<LoadBalancer> CreateLoadBalancerAsync(string name, string vipSubnetId,
        CancellationToken cancellationToken = default) =>
        CreateLoadBalancerAsync(new NewLoadBalancer(name, vipSubnetId), cancellationToken);

    /// <summary>Creates a load balancer; see <see cref="WaitUntilActiveAsync"/>. "POST /v2/lbaas/loadbalancers".</summary>
    public virtual Task<LoadBalancer> CreateLoadBalancerAsync(NewLoadBalancer balancer, CancellationToken cancellationToken = default) =>
        PostAsync(
        "/lbaas/loadbalancers",
        "loadbalancer",
        balancer,
        LoadBalancingJson.Default.NewLoadBalancer,
        LoadBalancingJson.Default.LoadBalancer,
        cancellationToken);

    /// <summary>Waits until a load balancer accepts changes.</summary>
    /// <exception cref="ResourceFailedException">The load balancer went to ERROR.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual async Task<LoadBalancer> WaitUntilActiveAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var balancer = await _client.Poller.UntilAsync(
            $"load balancer {id}",
            timeout,
            token => GetLoadBalancerAsync(id, token),
            seen => IsSettled(seen.ProvisioningStatus),
            seen => seen.ProvisioningStatus.Value,
            null,
            cancellationToken).ConfigureAwait(false);
        return balancer.ProvisioningStatus == ProvisioningStatus.Active
            ? balancer
            : throw new ResourceFailedException("load balancer", id, balancer.ProvisioningStatus.Value, null);
    }

    /// <summary>Changes a load balancer. "PUT /v2/lbaas/loadbalancers/{id}".</summary>
    public virtual Task<LoadBalancer> UpdateLoadBalancerAsync(
        string id, LoadBalancerUpdate update, CancellationToken cancellationToken = default) => UpdateAsync(
        id,
        $"/lbaas/loadbalancers/{PathSegment.Of(id)}", "loadbalancer", update, LoadBalancingJson.Default.LoadBalancerUpdate,
        LoadBalancingJson.Default.LoadBalancer,
        cancellationToken);

    /// <summary>Deletes a load balancer with all its parts. "DELETE /v2/lbaas/loadbalancers/{id}?cascade=true".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteLoadBalancerAsync(string id, CancellationToken cancellationToken = default) =>
        _client.Poller.RetryAsync(
        Timeout,
        token => _client.DeleteAsync($"/lbaas/loadbalancers/{PathSegment.Of(id)}?cascade=true", token),
        e => e is ConflictException,
        cancellationToken);

    /// <summary>Waits until a load balancer is deleted.</summary>
    /// <exception cref="ResourceFailedException">The load balancer went to ERROR instead.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual async Task WaitUntilDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var last = await _client.Poller.UntilAsync(
            $"load balancer {id}",
            timeout,
            async token =>
            {
                try
                {
                    return (await GetLoadBalancerAsync(id, token).ConfigureAwait(false)).ProvisioningStatus;
                }
                catch (NotFoundException)
                {
                    return ProvisioningStatus.Deleted;
                }
            },
            seen => seen == ProvisioningStatus.Deleted || seen == ProvisioningStatus.Error,
            seen => seen.Value,
            null,
            cancellationToken).ConfigureAwait(false);
        if (last == ProvisioningStatus.Error)
        {
            throw new ResourceFailedException("load balancer", id, last.Value, null);
        }
    }

    private static bool IsSettled(ProvisioningStatus status) =>
        status == ProvisioningStatus.Active || status == ProvisioningStatus.Error || status == ProvisioningStatus.Deleted;
}
