using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack;

/// <summary>Sends requests to one service: JSON bodies, its microversion, its pages.</summary>
internal sealed class ServiceClient(CloudSession session, ServiceType service, string? maxMicroversion = null)
{
    public CloudSession Session => session;

    public ServiceType Service => service;

    public Poller Poller =>
        new(session.Options.TimeProvider, session.Options.Random, session.Options.Logger, session.Options.OnWait);

    /// <summary>What the service's version document shows, and the microversion of requests.</summary>
    public ServiceVersions Versions { get; } = new(session, service, maxMicroversion);

    public async Task<T> GetAsync<T>(string path, string? key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var (document, requestId) = await GetDocumentAsync(path, cancellationToken).ConfigureAwait(false);
        using (document)
        {
            return Read(document.RootElement, path, key, type, requestId);
        }
    }

    /// <summary>Reads a list that is the whole body.</summary>
    public async Task<IReadOnlyList<T>> GetListAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var (document, requestId) = await GetDocumentAsync(path, cancellationToken).ConfigureAwait(false);
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                throw Malformed(path, new JsonException("the body is not a list"), requestId);
            }
            return [.. document.RootElement.EnumerateArray().Select(item => Read(item, path, null, type, requestId))];
        }
    }

    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, string? key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken).ConfigureAwait(false);
        using var document = await ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
        return Read(document.RootElement, path, key, type, ApiError.RequestIdOf(response));
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte>? body,
        CancellationToken cancellationToken,
        (string Name, string Value)? header = null)
    {
        using var request = await RequestAsync(method, path, cancellationToken).ConfigureAwait(false);
        if (body is { } content)
        {
            request.Content = CloudSession.JsonContent(content);
        }
        if (header is { } extra)
        {
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        }
        return await session.SendAsync(request, new RequestContext(service), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request and ignores the body of the response.</summary>
    public async Task RunAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a resource.</summary>
    /// <returns>
    /// False if the service says that it was already gone, as it is if the response to a first attempt was lost.
    /// </returns>
    /// <exception cref="OpenStackApiException">
    /// The service rejected the deletion, or something else than the service answered 404.
    /// </exception>
    public async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(HttpMethod.Delete, path, null, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (NotFoundException)
        {
            return false;
        }
    }

    public async IAsyncEnumerable<T> ListAsync<T>(
        string path, string key, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? requestId = null;
        var items = Paging.ReadAsync(async (next, isLink, token) =>
        {
            (var page, requestId) = await GetPageAsync(next, isLink, token).ConfigureAwait(false);
            return page;
        }, path, key, type, Dropped, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (JsonException e)
                {
                    throw Malformed(path, e, requestId);
                }
                yield return items.Current;
            }
        }
    }

    /// <summary>Lists the resources of a project. Items of other projects are left out even if the service does not filter them.</summary>
    /// <param name="query">The path, with the other filters.</param>
    /// <param name="projectId">The project; <c>null</c> for all that the login may see.</param>
    /// <param name="owner">Returns the project of an item; an item without one counts as the project's.</param>
    /// <param name="key">The name of the list in the response.</param>
    /// <param name="type">The JSON type of an item.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public IAsyncEnumerable<T> ListAsync<T>(
        QueryString query,
        string? projectId,
        Func<T, string?> owner,
        string key,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        ListAsync(query.Add("project_id", projectId).ToString(), key, type, cancellationToken)
            .Where(item => projectId is null || (owner(item) ?? projectId) == projectId);

    public async Task<JsonDocument> ParseAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await CloudSession.ReadJsonAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw Malformed(path, e, ApiError.RequestIdOf(response));
        }
    }

    public T Read<T>(JsonDocument document, string path, string? key, JsonTypeInfo<T> type) =>
        Read(document.RootElement, path, key, type, requestId: null);

    private T Read<T>(JsonElement document, string path, string? key, JsonTypeInfo<T> type, string? requestId)
    {
        try
        {
            return Json.Guard(() => Json.Read(document, key, type, Dropped));
        }
        catch (JsonException e)
        {
            throw Malformed(path, e, requestId);
        }
    }

    public async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var endpoint = await session.GetEndpointAsync(service, cancellationToken).ConfigureAwait(false);

        return await RequestAsync(method, CloudSession.RawUri(endpoint, path), cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, Uri address, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (await Versions.MicroversionAsync(cancellationToken).ConfigureAwait(false) is { } microversion)
        {
            var name = service == ServiceType.BlockStorage ? "volume" : service.Name;
            request.Headers.TryAddWithoutValidation("OpenStack-API-Version", $"{name} {microversion}");
            if (service == ServiceType.Compute)
            {
                request.Headers.TryAddWithoutValidation("X-OpenStack-Nova-API-Version", microversion);
            }
        }
        return request;
    }

    private async Task<(JsonDocument Page, string? RequestId)> GetPageAsync(
        string pathOrLink, bool isLink, CancellationToken cancellationToken)
    {
        if (!isLink)
        {
            return await GetDocumentAsync(pathOrLink, cancellationToken).ConfigureAwait(false);
        }
        var endpoint = await session.GetEndpointAsync(service, cancellationToken).ConfigureAwait(false);
        var address = Paging.Resolve(endpoint, pathOrLink);
        using var request = await RequestAsync(HttpMethod.Get, address, cancellationToken).ConfigureAwait(false);
        using var response = await session.SendAsync(request, new RequestContext(service), cancellationToken).ConfigureAwait(false);
        return (await ParseAsync(response, pathOrLink, cancellationToken).ConfigureAwait(false), ApiError.RequestIdOf(response));
    }

    private async Task<(JsonDocument Document, string? RequestId)> GetDocumentAsync(
        string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        return (await ParseAsync(response, path, cancellationToken).ConfigureAwait(false), ApiError.RequestIdOf(response));
    }

    private void Dropped(string value) => session.Options.OnUnreadable?.Invoke($"{service.Name}: {value}");

    private MalformedAnswerException Malformed(string path, JsonException e, string? requestId) => new(service, path, e, requestId);
}
