namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    /// <summary>Lists subnets. "GET /subnets".</summary>
    /// <param name="networkId">Filters by network.</param>
    /// <param name="name">Filters by name.</param>
    /// <param name="projectId">
    /// Filters by project; <c>null</c> for all that the login may see: for an administrator those of all projects.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<Subnet> ListSubnetsAsync(
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

    /// <summary>Creates a subnet. "POST /subnets".</summary>
    public virtual Task<Subnet> CreateSubnetAsync(NewSubnet subnet, CancellationToken cancellationToken = default) =>
        PostAsync("/subnets", "subnet", subnet, NetworkingJson.Default.NewSubnet, NetworkingJson.Default.Subnet, cancellationToken);

    /// <summary>Reads a subnet. "GET /subnets/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such subnet.</exception>
    public virtual Task<Subnet> GetSubnetAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/subnets/{PathSegment.Of(id)}", "subnet", NetworkingJson.Default.Subnet, cancellationToken);

    /// <summary>Finds the only subnet with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<Subnet> FindSubnetAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "subnet",
        nameOrId,
        GetSubnetAsync,
        ListSubnetsAsync(name: nameOrId, cancellationToken: cancellationToken),
        one => one.Name,
        one => one.Id,
        cancellationToken);

    /// <summary>Changes a subnet. "PUT /subnets/{id}".</summary>
    /// <exception cref="ConflictException">The gateway is in use by a router, or in one of the allocation pools.</exception>
    public virtual Task<Subnet> UpdateSubnetAsync(string id, SubnetUpdate update, CancellationToken cancellationToken = default) =>
        PutAsync($"/subnets/{PathSegment.Of(id)}", "subnet", update, NetworkingJson.Default.SubnetUpdate, NetworkingJson.Default.Subnet,
            cancellationToken);

    /// <summary>Removes the gateway of a subnet, so that its servers get no default route. "PUT /subnets/{id}".</summary>
    /// <exception cref="ConflictException">The gateway is in use by a router.</exception>
    public virtual Task<Subnet> ClearSubnetGatewayAsync(string id, CancellationToken cancellationToken = default) =>
        ClearAsync($"/subnets/{PathSegment.Of(id)}", "subnet", "gateway_ip", NetworkingJson.Default.Subnet, cancellationToken);

    /// <summary>Deletes a subnet. "DELETE /subnets/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteSubnetAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/subnets/{PathSegment.Of(id)}", cancellationToken);
}
