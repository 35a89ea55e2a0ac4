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

    /// <summary>Deletes a subnet. "DELETE /subnets/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteSubnetAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/subnets/{PathSegment.Of(id)}", cancellationToken);
}
