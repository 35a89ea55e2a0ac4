namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    private static readonly Version LockReasonVersion = new(2, 73);

    /// <summary>
    /// Locks a server: until it is unlocked, Nova rejects its deletion and nearly all changes by users who are not administrators with
    /// <see cref="ConflictException"/>. "POST /servers/{id}/action" lock.
    /// </summary>
    /// <param name="id">The server's id.</param>
    /// <param name="reason">A reason of at most 255 characters, which the server shows (from microversion 2.73 on).</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="MicroversionException">It has a reason, and the cloud is not known to support 2.73.</exception>
    public virtual async Task LockServerAsync(string id, string? reason = null, CancellationToken cancellationToken = default)
    {
        if (reason is null)
        {
            await ActAsync(id, json => json.WriteNull("lock"), cancellationToken).ConfigureAwait(false);
            return;
        }
        await _client.Versions.RequireAsync(LockReasonVersion, "the reason of a lock", cancellationToken).ConfigureAwait(false);
        await ActAsync(id, json => WriteObject(json, "lock", "locked_reason", reason), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Unlocks a server. "POST /servers/{id}/action" unlock.</summary>
    /// <exception cref="OpenStackApiException">403: an administrator locked it.</exception>
    public virtual Task UnlockServerAsync(string id, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => json.WriteNull("unlock"), cancellationToken);
}
