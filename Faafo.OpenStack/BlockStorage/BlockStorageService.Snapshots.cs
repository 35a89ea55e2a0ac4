namespace Faafo.OpenStack.BlockStorage;

public partial class BlockStorageService
{
    /// <summary>Lists the project's snapshots. "GET /v3/{project}/snapshots/detail".</summary>
    public virtual IAsyncEnumerable<Snapshot> ListSnapshotsAsync(string? volumeId = null, CancellationToken cancellationToken = default) =>
        _client.ListAsync(
            new QueryString("/snapshots/detail").Add("volume_id", volumeId).ToString(),
            "snapshots",
            BlockStorageJson.Default.Snapshot,
            cancellationToken);

    /// <summary>Reads a snapshot. "GET /v3/{project}/snapshots/{id}".</summary>
    public virtual Task<Snapshot> GetSnapshotAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/snapshots/{PathSegment.Of(id)}", "snapshot", BlockStorageJson.Default.Snapshot, cancellationToken);

    /// <summary>Waits until a snapshot is <c>available</c>.</summary>
    /// <exception cref="ResourceFailedException">It went to an error status.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public virtual async Task<Snapshot> WaitUntilSnapshotAvailableAsync(string id, TimeSpan timeout,
        CancellationToken cancellationToken = default)
    {
        var snapshot = await _client.Poller.UntilAsync(
            $"snapshot {id}",
            timeout,
            token => GetSnapshotAsync(id, token),
            seen => seen.Status == SnapshotStatus.Available || seen.Status.IsError,
            seen => seen.Status.Value,
            null,
            cancellationToken).ConfigureAwait(false);
        return snapshot.Status == SnapshotStatus.Available
            ? snapshot
            : throw new ResourceFailedException("snapshot", id, snapshot.Status.Value, null);
    }

    /// <summary>Creates a snapshot of a volume. "POST /v3/{project}/snapshots".</summary>
    /// <param name="volumeId">The volume's id.</param>
    /// <param name="name">The snapshot's name.</param>
    /// <param name="force">Whether to do so while the volume is attached; data that the guest has not yet written is missing.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task<Snapshot> CreateSnapshotAsync(
        string volumeId, string name, bool force = false, CancellationToken cancellationToken = default) =>
        CreateSnapshotAsync(new NewSnapshot(volumeId, name, force), cancellationToken);

    /// <summary>The same with metadata, such as the mark of a <see cref="ResourceScope"/> as a key.</summary>
    public virtual Task<Snapshot> CreateSnapshotAsync(
        string volumeId,
        string name,
        IReadOnlyDictionary<string, string> metadata,
        bool force = false,
        CancellationToken cancellationToken = default) =>
        CreateSnapshotAsync(new NewSnapshot(volumeId, name, force, metadata), cancellationToken);

    private Task<Snapshot> CreateSnapshotAsync(NewSnapshot snapshot, CancellationToken cancellationToken) => _client.SendAsync(
        HttpMethod.Post,
        "/snapshots",
        Json.Write("snapshot", snapshot, BlockStorageJson.Default.NewSnapshot),
        "snapshot",
        BlockStorageJson.Default.Snapshot,
        cancellationToken);

    /// <summary>Requests the deletion of a snapshot. "DELETE /v3/{project}/snapshots/{id}".</summary>
    /// <returns>False if there was none.</returns>
    public virtual Task<bool> DeleteSnapshotAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/snapshots/{PathSegment.Of(id)}", cancellationToken);

    /// <summary>Waits until a snapshot no longer exists.</summary>
    /// <exception cref="ResourceFailedException">It went to an error status.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public virtual Task WaitUntilSnapshotDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitUntilGoneAsync(
            "snapshot",
            id,
            timeout,
            async token => (await GetSnapshotAsync(id, token).ConfigureAwait(false)).Status.Value,
            cancellationToken);
}
