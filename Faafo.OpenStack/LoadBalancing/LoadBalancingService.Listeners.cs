namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Lists listeners. "GET /v2/lbaas/listeners".</summary>
    public virtual IAsyncEnumerable<Listener> ListListenersAsync(string? loadBalancerId = null,
        CancellationToken cancellationToken = default) =>
        _client.ListAsync(
            new QueryString("/lbaas/listeners").Add("load_balancer_id", loadBalancerId).ToString(),
            "listeners",
            LoadBalancingJson.Default.Listener,
            cancellationToken);

    /// <summary>Creates a listener on a port of a load balancer. "POST /v2/lbaas/listeners".</summary>
    public virtual Task<Listener> CreateListenerAsync(NewListener listener, CancellationToken cancellationToken = default) => ChangeAsync(
        listener.LoadbalancerId,
        token => PostAsync("/lbaas/listeners", "listener", listener, LoadBalancingJson.Default.NewListener,
            LoadBalancingJson.Default.Listener, token),
        cancellationToken);

    /// <summary>Deletes a listener. "DELETE /v2/lbaas/listeners/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteListenerAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        RemoveAsync(loadBalancerId, $"/lbaas/listeners/{PathSegment.Of(id)}", cancellationToken);
}
