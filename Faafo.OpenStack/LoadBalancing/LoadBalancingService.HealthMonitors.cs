namespace Faafo.OpenStack.LoadBalancing;

public sealed partial class LoadBalancingService
{
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
}
