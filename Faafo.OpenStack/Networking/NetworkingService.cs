namespace Faafo.OpenStack.Networking;

/// <summary>Neutron: networks, subnets, ports, routers, security groups and floating addresses.</summary>
#pragma warning disable CA1001 // A SemaphoreSlim holds nothing until its wait handle is asked for.
public sealed partial class NetworkingService
#pragma warning restore CA1001
{
    private readonly ServiceClient _client;

    internal NetworkingService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Network);

    /// <summary>Lists networks: the project's own, shared and external ones. "GET /networks".</summary>
    /// <param name="name">Only those of this name.</param>
    /// <param name="external">Only those that floating addresses come from, or only the others.</param>
    /// <param name="projectId">Only those of this project; <c>null</c> for all that are shown: to an administrator all projects'.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<Network> ListNetworksAsync(
        string? name = null,
        bool? external = null,
        string? projectId = null,
        CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/networks").Add("name", name).Add("router:external", external),
        projectId,
        network => network.ProjectId,
        "networks",
        NetworkingJson.Default.Network,
        cancellationToken);

    /// <summary>Reads a network. "GET /networks/{id}".</summary>
    public Task<Network> GetNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/networks/{id}", "network", NetworkingJson.Default.Network, cancellationToken);

    /// <summary>Finds the only network of a name or id.</summary>
    public Task<Network> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "network",
        nameOrId,
        GetNetworkAsync,
        ListNetworksAsync(nameOrId, cancellationToken: cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>
    /// Chooses a network that the project can use (its own, shared or external): the named one, or the only one. Neutron shows the networks
    /// of all projects to an administrator; a network of the project itself comes before others with the same name.
    /// </summary>
    /// <param name="nameOrId">The name or id; <c>null</c> for the only one.</param>
    /// <param name="external">Whether the only one is looked for among the external networks, or among the others.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="NameNotFoundException">There is no network with that name or id.</exception>
    /// <exception cref="AmbiguousNameException">There are several with that name.</exception>
    /// <exception cref="ChoiceException">
    /// The named network belongs to another project, or none was named and there is not exactly one.
    /// </exception>
    public async Task<Network> ChooseNetworkAsync(string? nameOrId, bool external = false, CancellationToken cancellationToken = default)
    {
        var resource = external ? "external network" : "network";
        var project = (await _client.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false)).Project?.Id;
        if (nameOrId is null)
        {
            var all = ListNetworksAsync(external: external, cancellationToken: cancellationToken).Where(IsUsable);
            return await NameLookup.OnlyAsync(resource, all, one => one.Name, cancellationToken).ConfigureAwait(false);
        }
        var own = await ListNetworksAsync(nameOrId, projectId: project, cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var named = own.Count == 1 ? own[0] : await FindNetworkAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        return IsUsable(named) ? named : throw new ChoiceException(
            resource,
            ChoiceProblem.Unsuitable,
            [named.Name],
            $"the network {named.Name} ({named.Id}) belongs to another project, and is neither shared nor external");

        bool IsUsable(Network network) => (network.ProjectId ?? project) == project || network.Shared || network.IsExternal;
    }

    /// <summary>Makes a network. "POST /networks".</summary>
    public Task<Network> CreateNetworkAsync(string name, CancellationToken cancellationToken = default) =>
        CreateNetworkAsync(new NewNetwork(name), cancellationToken);

    /// <summary>Makes a network. "POST /networks".</summary>
    public Task<Network> CreateNetworkAsync(NewNetwork network, CancellationToken cancellationToken = default) => PostAsync(
        "/networks", "network", network, NetworkingJson.Default.NewNetwork, NetworkingJson.Default.Network, cancellationToken);

    /// <summary>Deletes a network with its subnets. "DELETE /networks/{id}".</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="ConflictException">It still has ports.</exception>
    public Task<bool> DeleteNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/networks/{id}", cancellationToken);

    /// <summary>Lists subnets. "GET /subnets".</summary>
    /// <param name="networkId">Only those of this network.</param>
    /// <param name="name">Only those of this name.</param>
    /// <param name="projectId">Only those of this project; <c>null</c> for all that are shown: to an administrator all projects'.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<Subnet> ListSubnetsAsync(
        string? networkId = null,
        string? name = null,
        string? projectId = null,
        CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/subnets").Add("network_id", networkId).Add("name", name),
        projectId,
        subnet => subnet.ProjectId,
        "subnets",
        NetworkingJson.Default.Subnet,
        cancellationToken);

    /// <summary>Makes a subnet. "POST /subnets".</summary>
    public Task<Subnet> CreateSubnetAsync(NewSubnet subnet, CancellationToken cancellationToken = default) =>
        PostAsync("/subnets", "subnet", subnet, NetworkingJson.Default.NewSubnet, NetworkingJson.Default.Subnet, cancellationToken);

    /// <summary>Deletes a subnet. "DELETE /subnets/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteSubnetAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/subnets/{id}", cancellationToken);

    /// <summary>Lists ports. "GET /ports".</summary>
    /// <param name="deviceId">Only those of this server or router.</param>
    /// <param name="networkId">Only those in this network.</param>
    /// <param name="deviceOwner">Only those of this kind, such as <c>network:router_interface</c>.</param>
    /// <param name="projectId">Only those of this project; <c>null</c> for all that are shown: to an administrator all projects'.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<Port> ListPortsAsync(
        string? deviceId = null,
        string? networkId = null,
        string? deviceOwner = null,
        string? projectId = null,
        CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/ports").Add("device_id", deviceId).Add("network_id", networkId).Add("device_owner", deviceOwner),
        projectId,
        port => port.ProjectId,
        "ports",
        NetworkingJson.Default.Port,
        cancellationToken);

    /// <summary>Reads a port. "GET /ports/{id}".</summary>
    public Task<Port> GetPortAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/ports/{id}", "port", NetworkingJson.Default.Port, cancellationToken);

    /// <summary>Makes a port. "POST /ports".</summary>
    public Task<Port> CreatePortAsync(NewPort port, CancellationToken cancellationToken = default) =>
        PostAsync("/ports", "port", port, NetworkingJson.Default.NewPort, NetworkingJson.Default.Port, cancellationToken);

    /// <summary>Deletes a port. "DELETE /ports/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeletePortAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/ports/{id}", cancellationToken);

    /// <summary>Lists routers. "GET /routers".</summary>
    /// <param name="name">Only those of this name.</param>
    /// <param name="projectId">Only those of this project; <c>null</c> for all that are shown: to an administrator all projects'.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<Router> ListRoutersAsync(
        string? name = null, string? projectId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/routers").Add("name", name),
        projectId,
        router => router.ProjectId,
        "routers",
        NetworkingJson.Default.Router,
        cancellationToken);

    /// <summary>Makes a router. "POST /routers".</summary>
    /// <param name="name">The name.</param>
    /// <param name="externalNetworkId">The network that it leads to; <c>null</c> for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Router> CreateRouterAsync(string name, string? externalNetworkId = null, CancellationToken cancellationToken = default) =>
        CreateRouterAsync(
            new NewRouter(name) { ExternalGatewayInfo = externalNetworkId is null ? null : new GatewayInfo(externalNetworkId) }, cancellationToken);

    /// <summary>Makes a router. "POST /routers".</summary>
    public Task<Router> CreateRouterAsync(NewRouter router, CancellationToken cancellationToken = default) => PostAsync(
        "/routers", "router", router, NetworkingJson.Default.NewRouter, NetworkingJson.Default.Router, cancellationToken);

    /// <summary>Joins a subnet to a router. "PUT /routers/{id}/add_router_interface".</summary>
    public Task AddRouterInterfaceAsync(string routerId, string subnetId, CancellationToken cancellationToken = default) =>
        _client.RunAsync(HttpMethod.Put, $"/routers/{routerId}/add_router_interface", SubnetBody(subnetId), cancellationToken);

    /// <summary>Parts a subnet from a router. "PUT /routers/{id}/remove_router_interface".</summary>
    public Task RemoveRouterInterfaceAsync(string routerId, string subnetId, CancellationToken cancellationToken = default) =>
        _client.RunAsync(HttpMethod.Put, $"/routers/{routerId}/remove_router_interface", SubnetBody(subnetId), cancellationToken);

    /// <summary>Deletes a router. "DELETE /routers/{id}".</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="ConflictException">It still has interfaces.</exception>
    public Task<bool> DeleteRouterAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/routers/{id}", cancellationToken);

    private static byte[] SubnetBody(string subnetId) => Json.Write(json => json.WriteString("subnet_id", subnetId));

    private Task<T> PostAsync<TBody, T>(
        string path,
        string key,
        TBody body,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<TBody> bodyType,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        _client.SendAsync(HttpMethod.Post, path, Json.Write(key, body, bodyType), key, type, cancellationToken);
}
