namespace Faafo.OpenStack.Networking;

public sealed partial class NetworkingService
{
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
}
