namespace Faafo.OpenStack.BlockStorage;

public partial class BlockStorageService
{
    /// <summary>Lists the project's volumes. "GET /v3/{project}/volumes/detail".</summary>
    public virtual IAsyncEnumerable<Volume> ListVolumesAsync(string? name = null, CancellationToken cancellationToken = default) =>
        _client.ListAsync(
            new QueryString("/volumes/detail").Add("name", name).ToString(), "volumes", BlockStorageJson.Default.Volume, cancellationToken);

    /// <summary>Reads a volume. "GET /v3/{project}/volumes/{id}".</summary>
    public virtual Task<Volume> GetVolumeAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/volumes/{PathSegment.Of(id)}", "volume", BlockStorageJson.Default.Volume, cancellationToken);

    /// <summary>Finds the only volume with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<Volume> FindVolumeAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "volume",
        nameOrId,
        GetVolumeAsync,
        ListVolumesAsync(nameOrId, cancellationToken),
        volume => volume.Name,
        volume => volume.Id,
        cancellationToken);

    /// <summary>Creates a volume; wait until it is <c>available</c>. "POST /v3/{project}/volumes".</summary>
    /// <exception cref="QuotaExceededException">The project's quota is used up.</exception>
    public virtual Task<Volume> CreateVolumeAsync(NewVolume volume, CancellationToken cancellationToken = default) => _client.SendAsync(
        HttpMethod.Post,
        "/volumes",
        Json.Write("volume", volume, BlockStorageJson.Default.NewVolume),
        "volume",
        BlockStorageJson.Default.Volume,
        cancellationToken);

    /// <summary>
    /// Makes a volume larger; wait until it is <c>available</c> or <c>in-use</c> again, and then let the guest enlarge its file system.
    /// "POST /v3/{project}/volumes/{id}/action" os-extend. An attached volume needs microversion 3.42 or later: set
    /// <c>block_storage_default_microversion</c> in clouds.yaml.
    /// </summary>
    /// <param name="id">The volume's id.</param>
    /// <param name="size">The new size in GiB, larger than the present one.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="QuotaExceededException">The project's quota is used up.</exception>
    /// <exception cref="OpenStackApiException">400: the size is not larger, or the volume's status does not allow it.</exception>
    public virtual Task ExtendVolumeAsync(string id, int size, CancellationToken cancellationToken = default)
    {
        var path = $"/volumes/{PathSegment.Of(id)}/action";
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var body = Json.Write(json =>
        {
            json.WriteStartObject("os-extend");
            json.WriteNumber("new_size", size);
            json.WriteEndObject();
        });
        return _client.RunAsync(HttpMethod.Post, path, body, cancellationToken);
    }

    /// <summary>Requests the deletion of a volume. "DELETE /v3/{project}/volumes/{id}".</summary>
    /// <returns>False if there was none.</returns>
    public virtual Task<bool> DeleteVolumeAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/volumes/{PathSegment.Of(id)}", cancellationToken);

    /// <summary>Waits until a volume has a status, such as <c>available</c> after detaching or <c>in-use</c> after attaching it.</summary>
    /// <exception cref="ResourceFailedException">It went to an error status.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public virtual async Task<Volume> WaitUntilStatusAsync(
        string id, VolumeStatus status, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var volume = await _client.Poller.UntilAsync(
            $"volume {id}",
            timeout,
            token => GetVolumeAsync(id, token),
            seen => seen.Status == status || seen.Status.IsError,
            seen => seen.Status.Value,
            null,
            cancellationToken).ConfigureAwait(false);
        return volume.Status == status ? volume : throw new ResourceFailedException("volume", id, volume.Status.Value, null);
    }

    /// <summary>Waits until a volume no longer exists.</summary>
    /// <exception cref="ResourceFailedException">It went to an error status.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public virtual Task WaitUntilDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitUntilGoneAsync(
            "volume", id, timeout, async token => (await GetVolumeAsync(id, token).ConfigureAwait(false)).Status.Value, cancellationToken);
}
