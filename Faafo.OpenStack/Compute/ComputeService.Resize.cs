namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>
    /// Starts to resize a server, which is restarted. "POST /servers/{id}/action" resize. Wait with
    /// <see cref="ServerWaiters.WaitUntilResizedAsync"/>, check that the server works, and then confirm or revert.
    /// </summary>
    /// <exception cref="QuotaExceededException">The project's quota does not allow the larger flavor.</exception>
    /// <exception cref="ConflictException">The server is locked, or its state does not allow it.</exception>
    /// <exception cref="OpenStackApiException">400: it has this flavor already, or its disk would become smaller.</exception>
    public virtual Task ResizeServerAsync(string id, string flavorId, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => WriteObject(json, "resize", "flavorRef", flavorId), cancellationToken);

    /// <summary>
    /// Confirms a resize and releases what the old size used. "POST /servers/{id}/action" confirmResize. Then wait with
    /// <see cref="ServerWaiters.WaitUntilResizeEndedAsync"/>.
    /// </summary>
    /// <exception cref="ConflictException">The server is not in VERIFY_RESIZE.</exception>
    public virtual Task ConfirmResizeAsync(string id, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => json.WriteNull("confirmResize"), cancellationToken);

    /// <summary>
    /// Reverts a resize, so that the server has its old size. "POST /servers/{id}/action" revertResize. Then wait with
    /// <see cref="ServerWaiters.WaitUntilResizeEndedAsync"/>.
    /// </summary>
    /// <exception cref="ConflictException">The server is not in VERIFY_RESIZE.</exception>
    public virtual Task RevertResizeAsync(string id, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => json.WriteNull("revertResize"), cancellationToken);
}
