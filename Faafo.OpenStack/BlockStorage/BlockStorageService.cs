namespace Faafo.OpenStack.BlockStorage;

/// <summary>Cinder: volumes and snapshots. A volume is attached to a server by <see cref="Compute.ComputeService.AttachVolumeAsync"/>.</summary>
public sealed class BlockStorageService
{
    private readonly ServiceClient _client;

    internal BlockStorageService(CloudSession session) => _client = new ServiceClient(session, ServiceType.BlockStorage);

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
        var volume = await _client.Waiting.UntilAsync(
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

    /// <summary>Lists the project's snapshots. "GET /v3/{project}/snapshots/detail".</summary>
    public IAsyncEnumerable<Snapshot> ListSnapshotsAsync(string? volumeId = null, CancellationToken cancellationToken = default) => _client.ListAsync(
        new QueryString("/snapshots/detail").Add("volume_id", volumeId).ToString(), "snapshots", BlockStorageJson.Default.Snapshot, cancellationToken);

    /// <summary>Reads a snapshot. "GET /v3/{project}/snapshots/{id}".</summary>
    public Task<Snapshot> GetSnapshotAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/snapshots/{id}", "snapshot", BlockStorageJson.Default.Snapshot, cancellationToken);

    /// <summary>Waits until a snapshot is <c>available</c>.</summary>
    /// <exception cref="ResourceFailedException">It went to an error.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public async Task<Snapshot> WaitUntilSnapshotAvailableAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var snapshot = await _client.Waiting.UntilAsync(
            $"Snapshot {id}",
            timeout,
            token => GetSnapshotAsync(id, token),
            seen => seen.Status == "available" || seen.Status.StartsWith("error", StringComparison.Ordinal),
            seen => seen.Status,
            null,
            cancellationToken).ConfigureAwait(false);
        return snapshot.Status == "available" ? snapshot : throw new ResourceFailedException("snapshot", id, snapshot.Status, null);
    }

    /// <summary>Makes a snapshot of a volume. "POST /v3/{project}/snapshots".</summary>
    /// <param name="volumeId">The volume.</param>
    /// <param name="name">The snapshot's name.</param>
    /// <param name="force">Also while the volume is attached, at the risk of what the guest has not written yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Snapshot> CreateSnapshotAsync(
        string volumeId, string name, bool force = false, CancellationToken cancellationToken = default) => _client.SendAsync(
        HttpMethod.Post,
        "/snapshots",
        Json.Write("snapshot", new NewSnapshot(volumeId, name, force), BlockStorageJson.Default.NewSnapshot),
        "snapshot",
        BlockStorageJson.Default.Snapshot,
        cancellationToken);

    /// <summary>Asks for a snapshot to be deleted. "DELETE /v3/{project}/snapshots/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteSnapshotAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/snapshots/{id}", cancellationToken);

    /// <summary>Waits until a snapshot is gone.</summary>
    /// <exception cref="ResourceFailedException">It went to an error instead.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public Task WaitUntilSnapshotDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitUntilGoneAsync("snapshot", id, timeout, async token => (await GetSnapshotAsync(id, token).ConfigureAwait(false)).Status, cancellationToken);

    private async Task WaitUntilGoneAsync(
        string what, string id, TimeSpan timeout, Func<CancellationToken, Task<string>> status, CancellationToken cancellationToken)
    {
        var last = await _client.Waiting.UntilAsync(
            $"{char.ToUpperInvariant(what[0])}{what[1..]} {id}",
            timeout,
            async token =>
            {
                try
                {
                    return await status(token).ConfigureAwait(false);
                }
                catch (NotFoundException)
                {
                    return "deleted";
                }
            },
            seen => seen == "deleted" || seen.StartsWith("error", StringComparison.Ordinal),
            seen => seen,
            null,
            cancellationToken).ConfigureAwait(false);
        if (last != "deleted")
        {
            throw new ResourceFailedException(what, id, last, null);
        }
    }
}
