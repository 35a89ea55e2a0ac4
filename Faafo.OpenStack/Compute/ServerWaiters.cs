namespace Faafo.OpenStack.Compute;

/// <summary>Waits for servers. A wait ends at once if the server fails; the exception has the reason.</summary>
public static partial class ServerWaiters
{
    private const int ConsoleLines = 20;

    /// <summary>Waits until the server is ACTIVE.</summary>
    /// <returns>The server in its new state.</returns>
    /// <exception cref="ResourceFailedException">
    /// The server went to ERROR or was deleted; the message has Nova's fault and the end of the console.
    /// </exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public static Task<Server> WaitUntilActiveAsync(this Server server, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        server.WaitUntilStatusAsync(ServerStatus.Active, timeout, cancellationToken);

    /// <summary>Waits until the server has a status, such as SHUTOFF after a stop, and no task is in progress.</summary>
    /// <exception cref="ResourceFailedException">The server went to ERROR or was deleted.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public static async Task<Server> WaitUntilStatusAsync(
        this Server server, ServerStatus status, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var compute = ServiceOf(server);
        var reached = await compute.Client.Poller.UntilAsync(
            NameOf(server),
            timeout,
            token => ReadAsync(compute, server, token),
            seen => (seen.Status == status && seen.TaskState is null) || seen.Status == ServerStatus.Error || IsDeleted(seen),
            Describe,
            token => TailAsync(compute, server.Id, token),
            cancellationToken).ConfigureAwait(false);
        if (reached.Status == status)
        {
            return reached;
        }
        var fault = reached.Fault is { } known ? $"{known.Message} ({known.Code})" : null;
        var tail = IsDeleted(reached) ? null : await TailAsync(compute, server.Id, cancellationToken).ConfigureAwait(false);
        var reason = string.Join("; ", new[] { fault, tail }.OfType<string>());
        throw new ResourceFailedException("server", server.Id, reached.Status.Value, reason.Length > 0 ? reason : null);
    }

    /// <summary>
    /// Waits until the server no longer exists, or is SOFT_DELETED: a cloud with a reclaim interval keeps it for hours.
    /// </summary>
    /// <exception cref="ResourceFailedException">The server went to ERROR instead.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public static async Task WaitUntilDeletedAsync(this Server server, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var compute = ServiceOf(server);
        var wasFailed = server.Status == ServerStatus.Error; // A failed server can be deleted; it shows ERROR until it is gone.
        var last = await compute.Client.Poller.UntilAsync(
            NameOf(server),
            timeout,
            token => ReadAsync(compute, server, token),
            seen => IsDeleted(seen) || (seen.Status == ServerStatus.Error && !wasFailed && seen.TaskState is null),
            Describe,
            null,
            cancellationToken).ConfigureAwait(false);
        if (last.Status == ServerStatus.Error)
        {
            throw new ResourceFailedException("server", server.Id, last.Status.Value, last.Fault?.Message);
        }
    }

    private static ComputeService ServiceOf(Server server) => server.Service
        ?? throw new InvalidOperationException($"the server {server.Id} cannot be polled: it was not read from a ComputeService");

    // Where Nova has a reclaim interval, a deleted server stays readable as SOFT_DELETED until that has passed. Nothing waits for that: the
    // server is stopped, and lists leave it out.
    private static bool IsDeleted(Server server) =>
        server.Status == ServerStatus.Deleted || server.Status == ServerStatus.SoftDeleted;

    private static string NameOf(Server server) => $"server {server.Name} ({server.Id})";

    private static string Describe(Server server) =>
        server.TaskState is null ? server.Status.Value : $"{server.Status} ({server.TaskState})";

    private static async Task<Server> ReadAsync(ComputeService compute, Server server, CancellationToken cancellationToken)
    {
        try
        {
            return await compute.GetServerAsync(server.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            return server with { Status = ServerStatus.Deleted, TaskState = null };
        }
    }

    /// <summary>Reads the end of the console; <c>null</c> if there is none, so that the original failure is reported in any case.</summary>
    private static async Task<string?> TailAsync(ComputeService compute, string id, CancellationToken cancellationToken)
    {
        try
        {
            var console = await compute.GetConsoleOutputAsync(id, ConsoleLines, cancellationToken).ConfigureAwait(false);
            return console.Trim() is { Length: > 0 } text ? $"the console ends with:\n{text}" : null;
        }
        catch (OpenStackException)
        {
            return null;
        }
    }
}
