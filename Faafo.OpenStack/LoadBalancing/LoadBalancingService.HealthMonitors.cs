namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Creates the health monitor of a pool. "POST /v2/lbaas/healthmonitors".</summary>
    public virtual Task<HealthMonitor> CreateHealthMonitorAsync(
        string loadBalancerId, NewHealthMonitor monitor, CancellationToken cancellationToken = default) => ChangeAsync(
        loadBalancerId,
        token => PostAsync(
            "/lbaas/healthmonitors", "healthmonitor", monitor, LoadBalancingJson.Default.NewHealthMonitor,
            LoadBalancingJson.Default.HealthMonitor, token),
        cancellationToken);

    /// <summary>Deletes a health monitor: the pool's members are no longer checked. "DELETE /v2/lbaas/healthmonitors/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteHealthMonitorAsync(string loadBalancerId, string id, CancellationToken cancellationToken = default) =>
        RemoveAsync(loadBalancerId, $"/lbaas/healthmonitors/{PathSegment.Of(id)}", cancellationToken);
}
