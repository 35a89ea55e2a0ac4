namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    private const int CreateAttempts = 3;
    private static readonly TimeSpan LostReplyTimeout = TimeSpan.FromSeconds(8);
    private static readonly Version TagsAtCreation = new(2, 52);
    private static readonly Version NetworkWords = new(2, 37);

    /// <summary>
    /// Creates a server. If the reply is lost, the request is not repeated blindly, which could create two servers: the server is first
    /// looked for by its nonce. "POST /servers".
    /// </summary>
    /// <returns>The server, still being built: see <see cref="ServerWaiters.WaitUntilActiveAsync"/>.</returns>
    /// <exception cref="QuotaExceededException">The project's quota is used up.</exception>
    /// <exception cref="MicroversionException">It has tags or a nonce, which the cloud is not known to support (2.52).</exception>
    public virtual async Task<Server> CreateServerAsync(NewServer server, CancellationToken cancellationToken = default) =>
        (await CreateServersAsync(server, 1, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>
    /// Creates several servers with one request, all or none; Nova appends -1, -2 and so on to their names. "POST /servers" with min_count.
    /// </summary>
    public virtual async Task<IReadOnlyList<Server>> CreateServersAsync(NewServer server, int count,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var microversion = await _client.Versions.MicroversionAsync(cancellationToken).ConfigureAwait(false);
        if (!ApiVersion.Includes(microversion, TagsAtCreation))
        {
            return await CreateWithoutTagsAsync(server, count, microversion, cancellationToken).ConfigureAwait(false);
        }
        var tag = "nonce-" + (server.Nonce ?? Guid.NewGuid().ToString("N"));
        if (server.Nonce is not null && await FindByTagAsync(tag, cancellationToken).ConfigureAwait(false) is { Count: > 0 } earlier)
        {
            return earlier;
        }
        var body = server.ToJson(tag, count);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var reply = await PostServerAsync(body, cancellationToken).ConfigureAwait(false);
                return await CollectAsync(reply, tag, count, attempt > 1, cancellationToken).ConfigureAwait(false);
            }
            catch (OpenStackException e) when (MayHaveWorked(e))
            {
                if (await FindLostAsync(tag, count, cancellationToken).ConfigureAwait(false) is { } found)
                {
                    return found;
                }
                if (attempt == CreateAttempts)
                {
                    throw;
                }
            }
        }
    }

    private static bool MayHaveWorked(OpenStackException e) => e switch
    {
        NoAnswerException lost => lost.MayHaveArrived,
        MalformedAnswerException => true,
        OpenStackApiException api => (int)api.Status is 408 or 500 or 502 or 503 or 504,
        _ => false,
    };

    private async Task<IReadOnlyList<Server>> CreateWithoutTagsAsync(
        NewServer server, int count, string? microversion, CancellationToken cancellationToken)
    {
        if (server.Tags.Count > 0 || server.Nonce is not null || count > 1)
        {
            const string Purpose = "a new server with tags or a nonce, or several at once,";
            await _client.Versions.RequireAsync(TagsAtCreation, Purpose, cancellationToken).ConfigureAwait(false);
        }
        // Before 2.37 "auto" had no name: a request without networks meant it.
        var body = server.ToJson(null, 1, ApiVersion.Includes(microversion, NetworkWords));
        var reply = await PostServerAsync(body, cancellationToken).ConfigureAwait(false);
        return [await ReadCreatedAsync(reply, cancellationToken).ConfigureAwait(false)];
    }

    private Task<CreatedServer> PostServerAsync(byte[] body, CancellationToken cancellationToken) =>
        _client.SendAsync(HttpMethod.Post, "/servers", body, "server", ComputeJson.Default.CreatedServer, cancellationToken);

    private async Task<Server> ReadCreatedAsync(CreatedServer reply, CancellationToken cancellationToken)
    {
        var server = await GetServerAsync(reply.Id, cancellationToken).ConfigureAwait(false);
        return server with { AdminPassword = reply.AdminPass };
    }

    /// <summary>Collects the created servers. The reply names only one; the others, and those of a lost attempt, share its tag.</summary>
    private async Task<IReadOnlyList<Server>> CollectAsync(
        CreatedServer reply, string tag, int count, bool repeated, CancellationToken cancellationToken)
    {
        var server = await ReadCreatedAsync(reply, cancellationToken).ConfigureAwait(false);
        if (count == 1 && !repeated)
        {
            return [server];
        }
        var all = await FindLostAsync(tag, count, cancellationToken).ConfigureAwait(false) ?? [server];
        var kept = all.OrderByDescending(one => one.Id == server.Id).ThenByDescending(one => one.Created).Take(count).ToList();
        foreach (var surplus in all.Except(kept).Where(one => one.Tags.Contains(tag)))
        {
            await DeleteServerAsync(surplus.Id, cancellationToken).ConfigureAwait(false);
        }
        return [.. kept.OrderBy(one => one.Name, StringComparer.Ordinal)];
    }

    /// <summary>Waits for servers whose reply was lost: they may appear only after a moment.</summary>
    /// <returns><c>null</c> if there are fewer than <paramref name="count"/>.</returns>
    private async Task<IReadOnlyList<Server>?> FindLostAsync(string tag, int count, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.Poller.UntilAsync(
                "servers",
                LostReplyTimeout,
                token => FindByTagAsync(tag, token),
                list => list.Count >= count,
                list => $"{list.Count} of {count}",
                null,
                cancellationToken).ConfigureAwait(false);
        }
        catch (WaitTimeoutException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<Server>> FindByTagAsync(string tag, CancellationToken cancellationToken) =>
        await ListServersAsync(new ServerQuery { Tags = [tag] }, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
}
