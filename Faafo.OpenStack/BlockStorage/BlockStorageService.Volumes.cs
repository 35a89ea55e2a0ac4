namespace Faafo.OpenStack.BlockStorage;

public sealed partial class BlockStorageService
{
    /// <summary>Lists the project's volumes. "GET /v3/{project}/volumes/detail".</summary>
    public IAsyncEnumerable<Volume> ListVolumesAsync(string? name = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/volumes/detail").Add("name", name).ToString(), "volumes", BlockStorageJson.Default.Volume, cancellationToken);

    /// <summary>Reads a volume. "GET /v3/{project}/volumes/{id}".</summary>
    public Task<Volume> GetVolumeAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/volumes/{id}", "volume", BlockStorageJson.Default.Volume, cancellationToken);

    /// <summary>Finds the only volume of a name or id.</summary>
    public Task<Volume> FindVolumeAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "volume", nameOrId, GetVolumeAsync, ListVolumesAsync(nameOrId, cancellationToken), volume => volume.Name, volume => volume.Id, cancellationToken);

    /// <summary>Makes a volume, which takes a while. "POST /v3/{project}/volumes".</summary>
    /// <exception cref="QuotaExceededException">There is no room for it in the quota.</exception>
    public Task<Volume> CreateVolumeAsync(NewVolume volume, CancellationToken cancellationToken = default) => _client.SendAsync(
        HttpMethod.Post,
        "/volumes",
        Json.Write("volume", volume, BlockStorageJson.Default.NewVolume),
        "volume",
        BlockStorageJson.Default.Volume,
        cancellationToken);

    /// <summary>Asks for a volume to be deleted. "DELETE /v3/{project}/volumes/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteVolumeAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/volumes/{id}", cancellationToken);

    /// <summary>Waits until a volume has a status: <c>available</c> after it was made or detached, <c>in-use</c> after it was attached.</summary>
    /// <exception cref="ResourceFailedException">It went to an error.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public async Task<Volume> WaitUntilStatusAsync(string id, string status, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var volume = await _client.Poller.UntilAsync(
            $"Volume {id}",
            timeout,
            token => GetVolumeAsync(id, token),
            seen => seen.Status == status || seen.Status.StartsWith("error", StringComparison.Ordinal),
            seen => seen.Status,
            null,
            cancellationToken).ConfigureAwait(false);
        return volume.Status == status ? volume : throw new ResourceFailedException("volume", id, volume.Status, null);
    }

    /// <summary>Waits until a volume is gone.</summary>
    /// <exception cref="ResourceFailedException">It went to an error instead.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public Task WaitUntilDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitUntilGoneAsync("volume", id, timeout, async token => (await GetVolumeAsync(id, token).ConfigureAwait(false)).Status, cancellationToken);
}
