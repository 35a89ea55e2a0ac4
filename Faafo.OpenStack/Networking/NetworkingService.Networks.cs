namespace Faafo.OpenStack.Networking;

public sealed partial class NetworkingService
{
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

    /// <summary>The network of a name or id, or without one the only one there is.</summary>
    /// <param name="nameOrId">The name or id; <c>null</c> for the only one.</param>
    /// <param name="external">Whether the only one of those that floating addresses come from, or of the others.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="ChoiceException">None was named, and there is not exactly one.</exception>
    public Task<Network> ChooseNetworkAsync(string? nameOrId, bool external = false, CancellationToken cancellationToken = default) =>
        nameOrId is not null ? FindNetworkAsync(nameOrId, cancellationToken) : NameLookup.OnlyAsync(
            external ? "external network" : "network",
            ListNetworksAsync(external: external, cancellationToken: cancellationToken),
            _ => true,
            one => one.Name,
            cancellationToken);

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
}
