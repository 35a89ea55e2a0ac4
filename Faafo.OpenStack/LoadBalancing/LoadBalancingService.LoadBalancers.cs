namespace Faafo.OpenStack.LoadBalancing;

public sealed partial class LoadBalancingService
{
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
        var balancer = await _client.Waiting.UntilAsync(
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
    public Task<bool> DeleteLoadBalancerAsync(string id, CancellationToken cancellationToken = default) => _client.Waiting.RetryAsync(
        Timeout, token => _client.DeleteAsync($"/lbaas/loadbalancers/{id}?cascade=true", token), e => e is ConflictException, cancellationToken);

    /// <summary>Waits until a balancer is gone.</summary>
    /// <exception cref="ResourceFailedException">It went to ERROR instead.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public async Task WaitUntilDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var last = await _client.Waiting.UntilAsync(
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
}
