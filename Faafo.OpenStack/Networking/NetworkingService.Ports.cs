namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    /// <summary>Lists ports. "GET /ports".</summary>
    /// <param name="deviceId">Filters by server or router.</param>
    /// <param name="networkId">Filters by network.</param>
    /// <param name="deviceOwner">Filters by the kind of device, such as <c>network:router_interface</c>.</param>
    /// <param name="projectId">
    /// Filters by project; <c>null</c> for all that the login may see: for an administrator those of all projects.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<Port> ListPortsAsync(
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
    public virtual Task<Port> GetPortAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/ports/{PathSegment.Of(id)}", "port", NetworkingJson.Default.Port, cancellationToken);

    /// <summary>Finds the only port with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<Port> FindPortAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "port",
        nameOrId,
        GetPortAsync,
        _client.ListAsync(
            new QueryString("/ports").Add("name", nameOrId).ToString(), "ports", NetworkingJson.Default.Port, cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Changes a port. "PUT /ports/{id}".</summary>
    /// <exception cref="ConflictException">
    /// An address is in use, or port security and security groups or address pairs contradict each other.
    /// </exception>
    /// <exception cref="OpenStackApiException">
    /// 403: only the owner of the network may set address pairs and port security, not the projects that share it.
    /// </exception>
    public virtual Task<Port> UpdatePortAsync(string id, PortUpdate update, CancellationToken cancellationToken = default) =>
        PutAsync($"/ports/{PathSegment.Of(id)}", "port", update, NetworkingJson.Default.PortUpdate, NetworkingJson.Default.Port,
            cancellationToken);

    /// <summary>Creates a port. "POST /ports".</summary>
    public virtual Task<Port> CreatePortAsync(NewPort port, CancellationToken cancellationToken = default) =>
        PostAsync("/ports", "port", port, NetworkingJson.Default.NewPort, NetworkingJson.Default.Port, cancellationToken);

    /// <summary>Deletes a port. "DELETE /ports/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeletePortAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/ports/{PathSegment.Of(id)}", cancellationToken);
}
