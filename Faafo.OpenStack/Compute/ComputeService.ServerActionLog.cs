namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>
    /// Lists what was done to a server, the newest first; from microversion 2.21 on also after its deletion.
    /// "GET /servers/{id}/os-instance-actions".
    /// </summary>
    public virtual IAsyncEnumerable<ServerAction> ListServerActionsAsync(string id, CancellationToken cancellationToken = default) =>
        _client.ListAsync($"/servers/{PathSegment.Of(id)}/os-instance-actions", "instanceActions", ComputeJson.Default.ServerAction,
            cancellationToken);

    /// <summary>Reads an action with its steps. "GET /servers/{id}/os-instance-actions/{request}".</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="requestId">The id of the request, such as <c>req-3293a3f1-…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task<ServerAction> GetServerActionAsync(string id, string requestId, CancellationToken cancellationToken = default)
    {
        var path = $"/servers/{PathSegment.Of(id)}/os-instance-actions/{PathSegment.Of(requestId)}";
        return _client.GetAsync(path, "instanceAction", ComputeJson.Default.ServerAction, cancellationToken);
    }
}
