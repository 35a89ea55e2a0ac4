namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Lists pools. "GET /v2/lbaas/pools".</summary>
    public virtual IAsyncEnumerable<Pool> ListPoolsAsync(string? loadBalancerId = null, CancellationToken cancellationToken = default) =>
        _client.ListAsync(
            new QueryString("/lbaas/pools").Add("loadbalancer_id", loadBalancerId).ToString(),
            "pools",
            LoadBalancingJson.Default.Pool,
            cancellationToken);

    /// <summary>Reads a pool. "GET /v2/lbaas/pools/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such pool.</exception>
    public virtual Task<Pool> GetPoolAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/lbaas/pools/{PathSegment.Of(id)}", "pool", LoadBalancingJson.Default.Pool, cancellationToken);

    /// <summary>Finds a pool by name or id; the name must be unique.</summary>
    public virtual Task<Pool> FindPoolAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        NameLookup.FindAsync(
        "pool",
        nameOrId,
        GetPoolAsync,
        _client.ListAsync(
            new QueryString("/lbaas/pools").Add("name", nameOrId).ToString(), "pools", LoadBalancingJson.Default.Pool, cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Creates a pool. "POST /v2/lbaas/pools".</summary>
    /// <param name="loadBalancerId">The balancer.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task<Pool> CreatePoolAsync(string loadBalancerId, NewPool pool, CancellationToken cancellationToken = default) =>
        ChangeAsync(
        loadBalancerId,
        token => PostAsync(
            "/lbaas/pools",
            "pool",
            pool.ListenerId is null ? pool with { LoadBalancerId = loadBalancerId } : pool,
            LoadBalancingJson.Default.NewPool,
            LoadBalancingJson.Default.Pool,
            token),
        cancellationToken);

    /// <summary>Changes a pool. "PUT /v2/lbaas/pools/{id}".</summary>
    public virtual Task<Pool> UpdatePoolAsync(
        string loadBalancerId, string id, PoolUpdate update, CancellationToken cancellationToken = default) => UpdateAsync(
        loadBalancerId,
        $"/lbaas/pools/{PathSegment.Of(id)}", "pool", update, LoadBalancingJson.Default.PoolUpdate, LoadBalancingJson.Default.Pool,
        cancellationToken);

    /// <summary>Deletes a pool. "DELETE /v2/lbaas/pools/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeletePoolAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        RemoveAsync(loadBalancerId, $"/lbaas/pools/{PathSegment.Of(id)}", cancellationToken);
}
