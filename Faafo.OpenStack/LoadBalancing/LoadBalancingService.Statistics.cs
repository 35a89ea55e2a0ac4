namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Reads the traffic of a load balancer. "GET /v2/lbaas/loadbalancers/{id}/stats".</summary>
    public virtual Task<TrafficStatistics> GetLoadBalancerStatisticsAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync(
            $"/lbaas/loadbalancers/{PathSegment.Of(id)}/stats", "stats", LoadBalancingJson.Default.TrafficStatistics, cancellationToken);

    /// <summary>Reads the traffic of a listener. "GET /v2/lbaas/listeners/{id}/stats".</summary>
    public virtual Task<TrafficStatistics> GetListenerStatisticsAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync(
            $"/lbaas/listeners/{PathSegment.Of(id)}/stats", "stats", LoadBalancingJson.Default.TrafficStatistics, cancellationToken);

    /// <summary>
    /// Reads the statuses of a load balancer, its listeners, and their pools, monitors and members.
    /// "GET /v2/lbaas/loadbalancers/{id}/status".
    /// </summary>
    public virtual async Task<LoadBalancerStatusTree> GetLoadBalancerStatusAsync(string id, CancellationToken cancellationToken = default)
    {
        var statuses = await _client.GetAsync(
            $"/lbaas/loadbalancers/{PathSegment.Of(id)}/status", "statuses", LoadBalancingJson.Default.StatusReply, cancellationToken)
                .ConfigureAwait(false);
        return statuses.Loadbalancer;
    }
}
