namespace Faafo.OpenStack.Compute;

/// <summary>Waiting for servers. A wait ends at once when the server fails, and says why.</summary>
public static class ServerWaiters
{
    private const int ConsoleLines = 20;

    /// <summary>Waits until the server is ACTIVE, and reads it anew.</summary>
    /// <exception cref="ResourceFailedException">The server went to ERROR or was deleted; the message has Nova's fault and the end of the console.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public static Task<Server> WaitUntilActiveAsync(this Server server, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        server.WaitUntilStatusAsync("ACTIVE", timeout, cancellationToken);

    /// <summary>Waits until the server has a status and nothing is under way any more, such as SHUTOFF after a stop.</summary>
    /// <exception cref="ResourceFailedException">The server went to ERROR or was deleted.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public static async Task<Server> WaitUntilStatusAsync(
        this Server server, string status, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var compute = ServiceOf(server);
        var reached = await compute.Client.Poller.UntilAsync(
            $"Server {server.Name} ({server.Id})",
            timeout,
            token => ReadAsync(compute, server, token),
            seen => (seen.Status == status && seen.TaskState is null) || seen.Status is "ERROR" or "DELETED",
            Describe,
            token => TailAsync(compute, server.Id, token),
            cancellationToken).ConfigureAwait(false);
        if (reached.Status == status)
        {
            return reached;
        }
        var fault = reached.Fault is { } known ? $"{known.Message} ({known.Code})" : null;
        var tail = reached.Status == "DELETED" ? null : await TailAsync(compute, server.Id, cancellationToken).ConfigureAwait(false);
        throw new ResourceFailedException(
            "server", server.Id, reached.Status, string.Join("; ", new[] { fault, tail }.OfType<string>()) is { Length: > 0 } text ? text : null);
    }

    /// <summary>Waits until the server is gone.</summary>
    /// <exception cref="ResourceFailedException">The server went to ERROR instead.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public static async Task WaitUntilDeletedAsync(this Server server, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var compute = ServiceOf(server);
        var wasFailed = server.Status == "ERROR"; // A failed server can be deleted, and shows ERROR until it is gone.
        var last = await compute.Client.Poller.UntilAsync(
            $"Server {server.Name} ({server.Id})",
            timeout,
            token => ReadAsync(compute, server, token),
            seen => seen.Status == "DELETED" || (seen.Status == "ERROR" && !wasFailed && seen.TaskState is null),
            Describe,
            null,
            cancellationToken).ConfigureAwait(false);
        if (last.Status == "ERROR")
        {
            throw new ResourceFailedException("server", server.Id, last.Status, last.Fault?.Message);
        }
    }

    private static ComputeService ServiceOf(Server server) =>
        server.Service ?? throw new InvalidOperationException("This server did not come from a ComputeService, so nothing can be asked about it.");

    private static string Describe(Server server) => server.TaskState is null ? server.Status : $"{server.Status} ({server.TaskState})";

    private static async Task<Server> ReadAsync(ComputeService compute, Server server, CancellationToken cancellationToken)
    {
        try
        {
            return await compute.GetServerAsync(server.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            return server with { Status = "DELETED", TaskState = null };
        }
    }

    /// <summary>The end of the console, if there is one: a wait in vain must not fail for want of an explanation.</summary>
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
