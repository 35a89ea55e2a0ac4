namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    /// <summary>Lists networks: the project's own, shared and external ones. "GET /networks".</summary>
    /// <param name="name">Filters by name.</param>
    /// <param name="external"><c>true</c> for networks that floating IPs come from, <c>false</c> for the others.</param>
    /// <param name="projectId">
    /// Filters by project; <c>null</c> for all that the login may see: for an administrator those of all projects.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<Network> ListNetworksAsync(
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
    public virtual Task<Network> GetNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/networks/{PathSegment.Of(id)}", "network", NetworkingJson.Default.Network, cancellationToken);

    /// <summary>Finds a network by name or id; the name must be unique.</summary>
    public virtual Task<Network> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
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
    /// <param name="nameOrId">
    /// The name or id; <c>null</c> for the one that <c>networks</c> in clouds.yaml chooses (<c>nat_source</c> or the only one that
    /// <c>routes_externally</c>; <c>nat_destination</c> or the only other one), or else the only one.
    /// </param>
    /// <param name="external">Whether the only one is looked for among the external networks, or among the others.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="NameNotFoundException">There is no network with that name or id.</exception>
    /// <exception cref="AmbiguousNameException">There are several with that name.</exception>
    /// <exception cref="ChoiceException">
    /// The named network belongs to another project, or none was named and there is not exactly one.
    /// </exception>
    public virtual async Task<Network> ChooseNetworkAsync(string? nameOrId, bool external = false,
        CancellationToken cancellationToken = default)
    {
        var resource = external ? "external network" : "network";
        var project = (await _client.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false)).Project?.Id;
        nameOrId ??= ConfiguredNetwork(external);
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

    private string? ConfiguredNetwork(bool external)
    {
        var networks = _client.Session.Config.Networks;
        var chosen = networks.FirstOrDefault(one => external ? one.IsNatSource : one.IsNatDestination);
        var candidates = networks.Where(one => one.RoutesExternally == external).ToList();
        return chosen?.Name ?? (candidates is [var only] ? only.Name : null);
    }

    /// <summary>Creates a network. "POST /networks".</summary>
    public virtual Task<Network> CreateNetworkAsync(string name, CancellationToken cancellationToken = default) =>
        CreateNetworkAsync(new NewNetwork(name), cancellationToken);

    /// <summary>Creates a network. "POST /networks".</summary>
    public virtual Task<Network> CreateNetworkAsync(NewNetwork network, CancellationToken cancellationToken = default) => PostAsync(
        "/networks", "network", network, NetworkingJson.Default.NewNetwork, NetworkingJson.Default.Network, cancellationToken);

    /// <summary>Changes a network. "PUT /networks/{id}".</summary>
    /// <exception cref="OpenStackApiException">403: it belongs to another project, or a property is for administrators.</exception>
    public virtual Task<Network> UpdateNetworkAsync(string id, NetworkUpdate update, CancellationToken cancellationToken = default) =>
        PutAsync(
            $"/networks/{PathSegment.Of(id)}", "network", update, NetworkingJson.Default.NetworkUpdate, NetworkingJson.Default.Network,
            cancellationToken);

    /// <summary>Deletes a network with its subnets. "DELETE /networks/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    /// <exception cref="ConflictException">It still has ports.</exception>
    public virtual Task<bool> DeleteNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/networks/{PathSegment.Of(id)}", cancellationToken);
}
