using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack;

/// <summary>Sends requests to one service: JSON bodies, its microversion, its pages.</summary>
internal sealed class ServiceClient(CloudSession session, ServiceType service, string? maxMicroversion = null)
{
    private readonly Lock _lock = new();
    private Task<string?>? _microversion;

    public CloudSession Session => session;

    public ServiceType Service => service;

    public Poller Poller =>
        new(session.Options.TimeProvider, session.Options.Random, session.Options.Logger, session.Options.OnWait);

    private string MicroversionSetting => $"{service.Name.Replace('-', '_')}_default_microversion";

    public async Task<T> GetAsync<T>(string path, string? key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var document = await GetDocumentAsync(path, cancellationToken).ConfigureAwait(false);
        return Read(document, path, key, type);
    }

    /// <summary>Reads a list that is the whole body.</summary>
    public async Task<IReadOnlyList<T>> GetListAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var document = await GetDocumentAsync(path, cancellationToken).ConfigureAwait(false);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new MalformedAnswerException(service, path, "the body is not a list");
        }
        return [.. document.RootElement.EnumerateArray().Select(item => Read(item, path, null, type))];
    }

    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, string? key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken).ConfigureAwait(false);
        using var document = await ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
        return Read(document, path, key, type);
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
        var items = Paging.ReadAsync(GetPageAsync, path, key, type, Dropped, cancellationToken).GetAsyncEnumerator(cancellationToken);
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
                    throw Malformed(path, e);
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
            throw Malformed(path, e);
        }
    }

    public T Read<T>(JsonDocument document, string path, string? key, JsonTypeInfo<T> type) =>
        Read(document.RootElement, path, key, type);

    private T Read<T>(JsonElement document, string path, string? key, JsonTypeInfo<T> type)
    {
        try
        {
            return Json.Guard(() => Json.Read(document, key, type, Dropped));
        }
        catch (JsonException e)
        {
            throw Malformed(path, e);
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
        if (await MicroversionAsync(cancellationToken).ConfigureAwait(false) is { } microversion)
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

    /// <summary>
    /// Gets the microversion of requests: the configured one, or the highest that both sides support; <c>null</c> for none.
    /// </summary>
    public async Task<string?> MicroversionAsync(CancellationToken cancellationToken)
    {
        if (session.Config.ServiceSettings(service).DefaultMicroversion is { } configured)
        {
            return configured;
        }
        if (maxMicroversion is null)
        {
            return null;
        }
        Task<string?> negotiation;
        lock (_lock)
        {
            if (_microversion is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _microversion = NegotiateAsync(maxMicroversion);
            }
            negotiation = _microversion;
        }
        return await negotiation.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that requests carry a microversion that is late enough for a feature.</summary>
    /// <param name="required">The first microversion with the feature.</param>
    /// <param name="purpose">The feature, as the subject of "needs microversion".</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="MicroversionException">They carry an earlier one, or none.</exception>
    public async Task RequireMicroversionAsync(Version required, string purpose, CancellationToken cancellationToken)
    {
        var actual = await MicroversionAsync(cancellationToken).ConfigureAwait(false);
        if (ApiVersion.Includes(actual, required))
        {
            return;
        }
        var isConfigured = session.Config.ServiceSettings(service).DefaultMicroversion is not null;
        throw new MicroversionException(service, purpose, required, actual, (isConfigured, actual) switch
        {
            (true, _) => $"{MicroversionSetting} is {actual}: raise or remove it in clouds.yaml",
            (false, null) => $"the cloud {session.Config.Name} shows none in a version document: if it supports {required} nevertheless, "
                + $"set {MicroversionSetting} in clouds.yaml",
            _ => $"the cloud {session.Config.Name} supports {actual} at most: choose a newer cloud",
        });
    }

    /// <summary>
    /// Reads the service's version document, at the part of its address that ends in the version; <c>null</c> if there is none. Any other
    /// failure may be temporary and does not count as "none".
    /// </summary>
    /// <exception cref="VersionDocumentException">It could not be read.</exception>
    public async Task<ApiVersion?> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var endpoint = await session.GetEndpointAsync(service, cancellationToken).ConfigureAwait(false);
        var token = await session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (EndpointVersion.DocumentOf(endpoint, token.Project?.Id) is not var (root, version))
        {
            return null;
        }
        try
        {
            var versions = await ReadVersionsAsync(root, cancellationToken).ConfigureAwait(false);
            return versions.FirstOrDefault(one => one.Id == version) ?? versions[0];
        }
        catch (OpenStackApiException e) when (e.Service == service && ShowsNone(e.Status))
        {
            return null; // Many clouds hide version documents, but their services work.
        }
        catch (JsonException e) when (maxMicroversion is null && e.LineNumber is null)
        {
            return null; // Valid JSON, but not a version document: Neutron lists its resources there.
        }
        catch (Exception e) when (e is JsonException or OpenStackApiException and not UnauthorizedException)
        {
            throw new VersionDocumentException(service, root, MicroversionSetting, e);
        }
    }

    // If the microversion decides what a request means, only 404 counts as "there is none".
    private bool ShowsNone(HttpStatusCode status) =>
        status == HttpStatusCode.NotFound || (maxMicroversion is null && (int)status is 400 or 403 or 405 or 410);

    /// <summary>Reads a version document, without a token if possible: some clouds require one.</summary>
    private async Task<IReadOnlyList<ApiVersion>> ReadVersionsAsync(Uri root, CancellationToken cancellationToken)
    {
        try
        {
            return await session.ReadVersionsAsync(service, root, true, cancellationToken).ConfigureAwait(false);
        }
        catch (UnauthorizedException)
        {
            return await session.ReadVersionsAsync(service, root, false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> NegotiateAsync(string max)
    {
        var offered = (await ReadVersionAsync(CancellationToken.None).ConfigureAwait(false))?.MaxMicroversion;
        if (offered is null)
        {
            return null;
        }
        return ApiVersion.Parse(offered) < ApiVersion.Parse(max) ? offered : max;
    }

    private async Task<JsonDocument> GetPageAsync(string pathOrLink, bool isLink, CancellationToken cancellationToken)
    {
        if (!isLink)
        {
            return await GetDocumentAsync(pathOrLink, cancellationToken).ConfigureAwait(false);
        }
        var endpoint = await session.GetEndpointAsync(service, cancellationToken).ConfigureAwait(false);
        var address = Paging.Resolve(endpoint, pathOrLink);
        using var request = await RequestAsync(HttpMethod.Get, address, cancellationToken).ConfigureAwait(false);
        using var response = await session.SendAsync(request, new RequestContext(service), cancellationToken).ConfigureAwait(false);
        return await ParseAsync(response, pathOrLink, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JsonDocument> GetDocumentAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        return await ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
    }

    private void Dropped(string value) => session.Options.OnUnreadable?.Invoke($"{service.Name}: {value}");

    private MalformedAnswerException Malformed(string path, JsonException e) => new(service, path, e);
}
