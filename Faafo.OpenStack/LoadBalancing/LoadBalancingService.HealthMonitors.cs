namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Lists health monitors. "GET /v2/lbaas/healthmonitors".</summary>
    /// <param name="poolId">Filters by pool.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<HealthMonitor> ListHealthMonitorsAsync(
        string? poolId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/lbaas/healthmonitors").Add("pool_id", poolId).ToString(),
        "healthmonitors",
        LoadBalancingJson.Default.HealthMonitor,
        cancellationToken);

    /// <summary>Reads a health monitor. "GET /v2/lbaas/healthmonitors/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such monitor.</exception>
    public virtual Task<HealthMonitor> GetHealthMonitorAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync(
            $"/lbaas/healthmonitors/{PathSegment.Of(id)}", "healthmonitor", LoadBalancingJson.Default.HealthMonitor, cancellationToken);

    /// <summary>Creates the health monitor of a pool. "POST /v2/lbaas/healthmonitors".</summary>
    public virtual Task<HealthMonitor> CreateHealthMonitorAsync(
        string loadBalancerId, NewHealthMonitor monitor, CancellationToken cancellationToken = default) => ChangeAsync(
        loadBalancerId,
        token => PostAsync(
            "/lbaas/healthmonitors", "healthmonitor", monitor, LoadBalancingJson.Default.NewHealthMonitor,
            LoadBalancingJson.Default.HealthMonitor, token),
        cancellationToken);

    /// <summary>Changes a health monitor. "PUT /v2/lbaas/healthmonitors/{id}".</summary>
    public virtual Task<HealthMonitor> UpdateHealthMonitorAsync(
        string loadBalancerId, string id, HealthMonitorUpdate update, CancellationToken cancellationToken = default) => UpdateAsync(
        loadBalancerId,
        $"/lbaas/healthmonitors/{PathSegment.Of(id)}", "healthmonitor", update, LoadBalancingJson.Default.HealthMonitorUpdate,
        LoadBalancingJson.Default.HealthMonitor,
        cancellationToken);

    /// <summary>Deletes a health monitor: the pool's members are no longer checked. "DELETE /v2/lbaas/healthmonitors/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteHealthMonitorAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        RemoveAsync(loadBalancerId, $"/lbaas/healthmonitors/{PathSegment.Of(id)}", cancellationToken);
}
