namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    private static readonly Version SinglePolicy = new(2, 64);

    /// <summary>Lists the project's server groups. "GET /os-server-groups".</summary>
    public virtual IAsyncEnumerable<ServerGroup> ListServerGroupsAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/os-server-groups", "server_groups", ComputeJson.Default.ServerGroup, cancellationToken);

    /// <summary>Reads a server group. "GET /os-server-groups/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such group.</exception>
    public virtual Task<ServerGroup> GetServerGroupAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/os-server-groups/{PathSegment.Of(id)}", "server_group", ComputeJson.Default.ServerGroup, cancellationToken);

    /// <summary>Finds the only server group with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<ServerGroup> FindServerGroupAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        NameLookup.FindAsync(
            "server group",
            nameOrId,
            GetServerGroupAsync,
            ListServerGroupsAsync(cancellationToken),
            group => group.Name,
            group => group.Id,
            cancellationToken);

    /// <summary>Creates a server group. "POST /os-server-groups".</summary>
    /// <param name="name">The name.</param>
    /// <param name="policy">How its servers are placed.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual async Task<ServerGroup> CreateServerGroupAsync(
        string name, ServerGroupPolicy policy, CancellationToken cancellationToken = default)
    {
        var microversion = await _client.Versions.MicroversionAsync(cancellationToken).ConfigureAwait(false);
        var single = ApiVersion.Includes(microversion, SinglePolicy);
        var body = Json.Write(json =>
        {
            json.WriteStartObject("server_group");
            json.WriteString("name", name);
            if (single)
            {
                json.WriteString("policy", policy.Value);
            }
            else
            {
                json.WriteStartArray("policies");
                json.WriteStringValue(policy.Value);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        });
        var type = ComputeJson.Default.ServerGroup;
        return await _client.SendAsync(HttpMethod.Post, "/os-server-groups", body, "server_group", type, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Deletes a server group; its servers stay. "DELETE /os-server-groups/{id}".</summary>
    /// <returns>False if there was none.</returns>
    public virtual Task<bool> DeleteServerGroupAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/os-server-groups/{PathSegment.Of(id)}", cancellationToken);
}
