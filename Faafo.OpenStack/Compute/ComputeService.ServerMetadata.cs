namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Reads a server's metadata. "GET /servers/{id}/metadata".</summary>
    public virtual async Task<IReadOnlyDictionary<string, string>> GetServerMetadataAsync(
        string id, CancellationToken cancellationToken = default)
    {
        var type = ComputeJson.Default.DictionaryStringString;
        return await _client.GetAsync($"/servers/{PathSegment.Of(id)}/metadata", "metadata", type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds or changes some of a server's metadata, and keeps the rest. "POST /servers/{id}/metadata".</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="metadata">
    /// Keys of at most 255 letters, digits, spaces and "-_:.", with values of at most 255 characters.
    /// </param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>All of the server's metadata.</returns>
    /// <exception cref="QuotaExceededException">The server would have more entries than the quota metadata_items allows.</exception>
    /// <exception cref="ConflictException">The server is locked, or its state does not allow it.</exception>
    public virtual Task<IReadOnlyDictionary<string, string>> SetServerMetadataAsync(
        string id, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken = default) =>
        SendMetadataAsync(HttpMethod.Post, id, metadata, cancellationToken);

    /// <summary>Replaces all of a server's metadata. "PUT /servers/{id}/metadata".</summary>
    /// <returns>All of the server's metadata.</returns>
    /// <exception cref="QuotaExceededException">There are more entries than the quota metadata_items allows.</exception>
    /// <exception cref="ConflictException">The server is locked, or its state does not allow it.</exception>
    public virtual Task<IReadOnlyDictionary<string, string>> ReplaceServerMetadataAsync(
        string id, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken = default) =>
        SendMetadataAsync(HttpMethod.Put, id, metadata, cancellationToken);

    /// <summary>Deletes one entry of a server's metadata. "DELETE /servers/{id}/metadata/{key}".</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="ConflictException">The server is locked, or its state does not allow it.</exception>
    public virtual Task<bool> DeleteServerMetadataAsync(string id, string key, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/servers/{PathSegment.Of(id)}/metadata/{PathSegment.Of(key)}", cancellationToken);

    private async Task<IReadOnlyDictionary<string, string>> SendMetadataAsync(
        HttpMethod method, string id, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var path = $"/servers/{PathSegment.Of(id)}/metadata";
        var type = ComputeJson.Default.DictionaryStringString;
        var body = Json.Write("metadata", new Dictionary<string, string>(metadata), type);
        return await _client.SendAsync(method, path, body, "metadata", type, cancellationToken).ConfigureAwait(false);
    }
}
