namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    /// <summary>Lists routers. "GET /routers".</summary>
    /// <param name="name">Filters by name.</param>
    /// <param name="projectId">
    /// Filters by project; <c>null</c> for all that the login may see: for an administrator those of all projects.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<Router> ListRoutersAsync(
        string? name = null, string? projectId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/routers").Add("name", name),
        projectId,
        router => router.ProjectId,
        "routers",
        NetworkingJson.Default.Router,
        cancellationToken);

    /// <summary>Creates a router. "POST /routers".</summary>
    /// <param name="name">The name.</param>
    /// <param name="externalNetworkId">The external network of its gateway; <c>null</c> for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task<Router> CreateRouterAsync(string name, string? externalNetworkId = null,
        CancellationToken cancellationToken = default) =>
        CreateRouterAsync(
            new NewRouter(name) { ExternalGatewayInfo = externalNetworkId is null ? null : new GatewayInfo(externalNetworkId) },
            cancellationToken);

    /// <summary>Creates a router. "POST /routers".</summary>
    public virtual Task<Router> CreateRouterAsync(NewRouter router, CancellationToken cancellationToken = default) => PostAsync(
        "/routers", "router", router, NetworkingJson.Default.NewRouter, NetworkingJson.Default.Router, cancellationToken);

    /// <summary>Attaches a subnet to a router. "PUT /routers/{id}/add_router_interface".</summary>
    public virtual Task AddRouterInterfaceAsync(string routerId, string subnetId, CancellationToken cancellationToken = default) =>
        _client.RunAsync(
            HttpMethod.Put, $"/routers/{PathSegment.Of(routerId)}/add_router_interface", SubnetBody(subnetId), cancellationToken);

    /// <summary>Detaches a subnet from a router. "PUT /routers/{id}/remove_router_interface".</summary>
    public virtual Task RemoveRouterInterfaceAsync(string routerId, string subnetId, CancellationToken cancellationToken = default) =>
        _client.RunAsync(
            HttpMethod.Put, $"/routers/{PathSegment.Of(routerId)}/remove_router_interface", SubnetBody(subnetId), cancellationToken);

    /// <summary>Deletes a router. "DELETE /routers/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    /// <exception cref="ConflictException">It still has interfaces.</exception>
    public virtual Task<bool> DeleteRouterAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/routers/{PathSegment.Of(id)}", cancellationToken);

    private static byte[] SubnetBody(string subnetId) => Json.Write(json => json.WriteString("subnet_id", subnetId));
}
