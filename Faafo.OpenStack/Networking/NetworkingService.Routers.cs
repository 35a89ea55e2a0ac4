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

    /// <summary>Reads a router. "GET /routers/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such router.</exception>
    public virtual Task<Router> GetRouterAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/routers/{PathSegment.Of(id)}", "router", NetworkingJson.Default.Router, cancellationToken);

    /// <summary>Finds the only router with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<Router> FindRouterAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "router",
        nameOrId,
        GetRouterAsync,
        ListRoutersAsync(nameOrId, cancellationToken: cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Changes a router. "PUT /routers/{id}".</summary>
    /// <exception cref="ConflictException">A floating IP needs the present gateway, or a route cannot be reached.</exception>
    public virtual Task<Router> UpdateRouterAsync(string id, RouterUpdate update, CancellationToken cancellationToken = default) =>
        PutAsync($"/routers/{PathSegment.Of(id)}", "router", update, NetworkingJson.Default.RouterUpdate, NetworkingJson.Default.Router,
            cancellationToken);

    /// <summary>Removes the gateway of a router, so that its subnets no longer reach other networks. "PUT /routers/{id}".</summary>
    /// <exception cref="ConflictException">A floating IP needs it.</exception>
    public virtual Task<Router> ClearRouterGatewayAsync(string id, CancellationToken cancellationToken = default) =>
        ClearAsync($"/routers/{PathSegment.Of(id)}", "router", "external_gateway_info", NetworkingJson.Default.Router, cancellationToken);

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
