namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    private static readonly Version DescriptionVersion = new(2, 19);
    private static readonly Version KeyAtRebuildVersion = new(2, 54);
    private static readonly Version UserDataAtRebuildVersion = new(2, 57);

    /// <summary>
    /// Changes the name or the description of a server. "PUT /servers/{id}". Tags and metadata have methods of their own.
    /// </summary>
    /// <returns>
    /// The server. Before microversion 2.75 Nova omits some properties, such as the zone, security groups, volumes and types of addresses.
    /// </returns>
    /// <exception cref="MicroversionException">It has a description, and the cloud is not known to support 2.19.</exception>
    public virtual async Task<Server> UpdateServerAsync(string id, ServerUpdate update, CancellationToken cancellationToken = default)
    {
        if (update.Description is not null)
        {
            await RequireDescriptionsAsync(cancellationToken).ConfigureAwait(false);
        }
        var body = Json.Write("server", update, ComputeJson.Default.ServerUpdate);
        var type = ComputeJson.Default.Server;
        var server = await _client.SendAsync(HttpMethod.Put, $"/servers/{PathSegment.Of(id)}", body, "server", type, cancellationToken)
            .ConfigureAwait(false);
        return server with { Service = this };
    }

    /// <summary>
    /// Starts to rebuild a server, which loses its root disk but keeps its id, ports and attached volumes.
    /// "POST /servers/{id}/action" rebuild. Then wait with <see cref="ServerWaiters.WaitUntilActiveAsync"/>, or for SHUTOFF if it was
    /// stopped before.
    /// </summary>
    /// <returns>
    /// The server with its new password. Before microversion 2.75 Nova omits some properties, such as the zone, security groups, volumes
    /// and types of addresses.
    /// </returns>
    /// <exception cref="ConflictException">The server is locked, or its state does not allow it.</exception>
    /// <exception cref="MicroversionException">The cloud is not known to support a property (see <see cref="ServerRebuild"/>).</exception>
    public virtual async Task<Server> RebuildServerAsync(string id, ServerRebuild rebuild, CancellationToken cancellationToken = default)
    {
        if (rebuild.Description is not null)
        {
            await RequireDescriptionsAsync(cancellationToken).ConfigureAwait(false);
        }
        if (rebuild.KeyName is not null)
        {
            await _client.Versions.RequireAsync(KeyAtRebuildVersion, "a key pair for a rebuild", cancellationToken)
                .ConfigureAwait(false);
        }
        if (rebuild.UserData is not null)
        {
            await _client.Versions.RequireAsync(UserDataAtRebuildVersion, "user data for a rebuild", cancellationToken)
                .ConfigureAwait(false);
        }
        var path = $"/servers/{PathSegment.Of(id)}/action";
        var body = Json.Write("rebuild", rebuild, ComputeJson.Default.ServerRebuild);
        using var response = await _client.SendAsync(HttpMethod.Post, path, body, cancellationToken).ConfigureAwait(false);
        using var document = await _client.ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
        var password = _client.Read(document, path, "server", ComputeJson.Default.CreatedServer).AdminPass;
        return _client.Read(document, path, "server", ComputeJson.Default.Server) with { Service = this, AdminPassword = password };
    }

    private Task RequireDescriptionsAsync(CancellationToken cancellationToken) =>
        _client.Versions.RequireAsync(DescriptionVersion, "a description of a server", cancellationToken);
}
