namespace Faafo.OpenStack.Networking;

public sealed partial class NetworkingService
{
    /// <summary>Lists networks: the project's own, shared and external ones. "GET /networks".</summary>
    /// <param name="name">Filters by name.</param>
    /// <param name="external"><c>true</c> for networks that floating IPs come from, <c>false</c> for the others.</param>
    /// <param name="projectId">
    /// Filters by project; <c>null</c> for all that the login may see: for an administrator those of all projects.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
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

    /// <summary>Finds a network by name or id; the name must be unique.</summary>
    public Task<Network> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "network",
        nameOrId,
        GetNetworkAsync,
        ListNetworksAsync(nameOrId, cancellationToken: cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Finds a network by name or id or, without one, the only network.</summary>
    /// <param name="nameOrId">The name or id; <c>null</c> for the only network.</param>
    /// <param name="external">Whether to look among the networks that floating IPs come from, or among the others.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="NameNotFoundException">No such network exists.</exception>
    /// <exception cref="ChoiceException">No name was given, and there is not exactly one network.</exception>
    public Task<Network> ChooseNetworkAsync(string? nameOrId, bool external = false, CancellationToken cancellationToken = default) =>
        nameOrId is not null ? FindNetworkAsync(nameOrId, cancellationToken) : NameLookup.OnlyAsync(
            external ? "external network" : "network",
            ListNetworksAsync(external: external, cancellationToken: cancellationToken),
            _ => true,
            one => one.Name,
            cancellationToken);

    /// <summary>Creates a network. "POST /networks".</summary>
    public Task<Network> CreateNetworkAsync(string name, CancellationToken cancellationToken = default) =>
        CreateNetworkAsync(new NewNetwork(name), cancellationToken);

    /// <summary>Creates a network. "POST /networks".</summary>
    public Task<Network> CreateNetworkAsync(NewNetwork network, CancellationToken cancellationToken = default) => PostAsync(
        "/networks", "network", network, NetworkingJson.Default.NewNetwork, NetworkingJson.Default.Network, cancellationToken);

    /// <summary>Deletes a network with its subnets. "DELETE /networks/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    /// <exception cref="ConflictException">It still has ports.</exception>
    public Task<bool> DeleteNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/networks/{id}", cancellationToken);
}
