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

    /// <summary>Reads a listener. "GET /v2/lbaas/listeners/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such listener.</exception>
    public virtual Task<Listener> GetListenerAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/lbaas/listeners/{PathSegment.Of(id)}", "listener", LoadBalancingJson.Default.Listener, cancellationToken);

    /// <summary>Finds a listener by name or id; the name must be unique.</summary>
    public virtual Task<Listener> FindListenerAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        NameLookup.FindAsync(
        "listener",
        nameOrId,
        GetListenerAsync,
        _client.ListAsync(
            new QueryString("/lbaas/listeners").Add("name", nameOrId).ToString(),
            "listeners",
            LoadBalancingJson.Default.Listener,
            cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Creates a listener on a port of a load balancer. "POST /v2/lbaas/listeners".</summary>
    public virtual Task<Listener> CreateListenerAsync(NewListener listener, CancellationToken cancellationToken = default) => ChangeAsync(
        listener.LoadBalancerId,
        token => PostAsync("/lbaas/listeners", "listener", listener, LoadBalancingJson.Default.NewListener,
            LoadBalancingJson.Default.Listener, token),
        cancellationToken);

    /// <summary>Changes a listener. "PUT /v2/lbaas/listeners/{id}".</summary>
    public virtual Task<Listener> UpdateListenerAsync(
        string loadBalancerId, string id, ListenerUpdate update, CancellationToken cancellationToken = default) => UpdateAsync(
        loadBalancerId,
        $"/lbaas/listeners/{PathSegment.Of(id)}", "listener", update, LoadBalancingJson.Default.ListenerUpdate,
        LoadBalancingJson.Default.Listener,
        cancellationToken);

    /// <summary>Deletes a listener. "DELETE /v2/lbaas/listeners/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteListenerAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        RemoveAsync(loadBalancerId, $"/lbaas/listeners/{PathSegment.Of(id)}", cancellationToken);
}
