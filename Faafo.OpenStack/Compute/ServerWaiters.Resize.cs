namespace Faafo.OpenStack.Compute;

public static partial class ServerWaiters
{
    /// <summary>
    /// Waits after <see cref="ComputeService.ResizeServerAsync"/> until the server has its new size: VERIFY_RESIZE, or the status that it
    /// had before if the cloud confirms resizes by itself. Call it with the server as it was read before the resize.
    /// </summary>
    /// <returns>The server with its new size.</returns>
    /// <exception cref="ResourceFailedException">
    /// The resize failed: the server went to ERROR, was deleted, or still has its old size, usually because no host had room.
    /// </exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public static async Task<Server> WaitUntilResizedAsync(
        this Server server, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var compute = ServiceOf(server);

        // Nova sets the task before it accepts the request, so that a server without a task is at its end.
        var reached = await UntilAsync(compute, server, timeout, seen => seen.TaskState is null, cancellationToken).ConfigureAwait(false);
        if (reached.Status == ServerStatus.VerifyResize || (!HasFailed(reached) && HasOtherSize(server, reached)))
        {
            return reached;
        }
        var reason = reached.Fault?.Message ?? await ReasonAsync(compute, server.Id, cancellationToken).ConfigureAwait(false);
        var failure = reason is null ? "the resize failed" : $"the resize failed: {reason}";
        throw new ResourceFailedException("server", server.Id, reached.Status.Value, failure);
    }

    /// <summary>
    /// Waits after <see cref="ComputeService.ConfirmResizeAsync"/> or <see cref="ComputeService.RevertResizeAsync"/> until the resize is
    /// over: the server is ACTIVE, or SHUTOFF if it was stopped before.
    /// </summary>
    /// <exception cref="ResourceFailedException">The server went to ERROR or was deleted.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public static async Task<Server> WaitUntilResizeEndedAsync(
        this Server server, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var compute = ServiceOf(server);

        // A resize that is being confirmed has no task; it stays in VERIFY_RESIZE until its end.
        var reached = await UntilAsync(
            compute, server, timeout, seen => seen.TaskState is null && seen.Status != ServerStatus.VerifyResize, cancellationToken)
            .ConfigureAwait(false);
        return HasFailed(reached)
            ? throw new ResourceFailedException("server", server.Id, reached.Status.Value, reached.Fault?.Message)
            : reached;
    }

    private static Task<Server> UntilAsync(
        ComputeService compute, Server server, TimeSpan timeout, Func<Server, bool> isFinal, CancellationToken cancellationToken) =>
        compute.Client.Poller.UntilAsync(
            NameOf(server),
            timeout,
            token => ReadAsync(compute, server, token),
            seen => HasFailed(seen) || isFinal(seen),
            Describe,
            null,
            cancellationToken);

    private static bool HasFailed(Server server) => server.Status == ServerStatus.Error || IsDeleted(server);

    // A server that was read in VERIFY_RESIZE had its new size already.
    private static bool HasOtherSize(Server before, Server now) => before.Status == ServerStatus.VerifyResize || Size(before) != Size(now);

    private static (string?, string?, int?, int?, int?) Size(Server server) =>
        (server.Flavor?.Id, server.Flavor?.OriginalName, server.Flavor?.Vcpus, server.Flavor?.Ram, server.Flavor?.Disk);

    /// <summary>
    /// Reads the reason from the action log: a server that went back to its old size shows no fault. <c>null</c> if the log has none, so
    /// that the original failure is reported in any case.
    /// </summary>
    private static async Task<string?> ReasonAsync(ComputeService compute, string id, CancellationToken cancellationToken)
    {
        try
        {
            var resize = await compute.ListServerActionsAsync(id, cancellationToken)
                .FirstOrDefaultAsync(action => action.Action == "resize", cancellationToken).ConfigureAwait(false);
            if (resize is null)
            {
                return null;
            }
            resize = await compute.GetServerActionAsync(id, resize.RequestId, cancellationToken).ConfigureAwait(false);
            var steps = resize.Events.Where(step => step.Result == "Error").Select(step => step.Details ?? $"{step.Event} failed");
            return string.Join("; ", [.. steps, $"request {resize.RequestId}"]);
        }
        catch (OpenStackException)
        {
            return null;
        }
    }
}
