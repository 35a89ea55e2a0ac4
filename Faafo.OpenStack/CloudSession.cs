using System.Net;
using System.Text.Json;

namespace Faafo.OpenStack;

/// <summary>
/// A login to one cloud: the token and its renewal, the catalog, and the pipeline that every request passes (telemetry, retries,
/// authentication, redirects on the same host, connection). Safe for concurrent use.
/// </summary>
public partial class CloudSession : IAsyncDisposable, IDisposable
{
    private static readonly string Version = typeof(CloudSession).Assembly.GetName().Version!.ToString(3);
    private readonly HttpClient _http;
    private readonly TokenCache _tokens;
    private bool _isDisposed;

    /// <summary>Creates a session without a cloud, for tests that override what they call.</summary>
    protected CloudSession()
    {
        Config = null!;
        Options = null!;
        _http = null!;
        _tokens = null!;
    }

    /// <summary>Creates a session; nothing is sent before the first request.</summary>
    public CloudSession(CloudConfig config, OpenStackClientOptions? options = null)
    {
        Config = config;
        Options = config.Apply(options is null ? new OpenStackClientOptions() : options with { });
        _tokens = new TokenCache(LoginAsync, Options.TimeProvider, Options.Logger);
        var pipeline = HttpPipeline.Create(config.Tls, Options, _tokens, () => AroundChange);
        _http = new HttpClient(pipeline) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"{Options.UserAgent} faafo-openstack/{Version}".TrimStart());
    }

    /// <summary>The configuration of the cloud.</summary>
    public CloudConfig Config { get; }

    /// <summary>
    /// A callback around each attempt of a request that may change something: any but GET, HEAD, OPTIONS and logins. It calls its argument
    /// to send the request, or throws to prevent it; the exception reaches the caller. A program that shares its resources by a lease stops
    /// here once it has lost the lease, even if it was suspended just before. <c>null</c> for none. Called on any thread.
    /// </summary>
    public Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>>? AroundChange { get; set; }

    internal OpenStackClientOptions Options { get; }

    /// <summary>Gets the current token; logs in if there is none or if it is about to expire. "POST /v3/auth/tokens".</summary>
    /// <exception cref="UnauthorizedException">Keystone rejected the credential.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public virtual Task<AuthToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _tokens.GetAsync(cancellationToken);
    }

    /// <summary>Gets the address of a service, including the version: the override from the configuration, or the catalog's.</summary>
    /// <exception cref="EndpointNotFoundException">The catalog has no such service in this region at this interface.</exception>
    public virtual async Task<Uri> GetEndpointAsync(ServiceType service, CancellationToken cancellationToken = default)
    {
        var settings = Config.ServiceSettings(service);
        if (settings.EndpointOverride is { } address)
        {
            var own = service.HasProjectInPath ? await GetTokenAsync(cancellationToken).ConfigureAwait(false) : null;
            return EndpointVersion.Complete(address, service, own?.Project?.Id);
        }
        if (service == ServiceType.Identity)
        {
            return await IdentityAddressAsync(cancellationToken).ConfigureAwait(false);
        }
        var token = await GetTokenAsync(cancellationToken).ConfigureAwait(false);
        var endpoint = token.Catalog.Find(service, settings.Interfaces ?? Config.Interfaces, Config.RegionName);
        return EndpointVersion.Complete(endpoint, service, token.Project?.Id);
    }

    /// <summary>
    /// Sends a request that this library has no method for, with the same authentication, retries and errors as all others.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path below the service's address, such as <c>/os-hypervisors</c>; already escaped.</param>
    /// <param name="body">A JSON body, if any.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="OpenStackApiException">The service returned an error.</exception>
    public virtual Task<HttpResponseMessage> SendAsync(
        ServiceType service,
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte>? body = null,
        CancellationToken cancellationToken = default) =>
        SendAsync(new ServiceRequest(service, method, path) { Content = body is { } json ? JsonContent(json) : null }, cancellationToken);

    /// <summary>Sends a request; all requests of the library pass here.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, RequestContext context, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        context.AttachTo(request);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new NoAnswerException(context.Service, request, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NoAnswerException(
                context.Service, request, new HttpRequestException(HttpRequestError.Unknown, $"the request was aborted: {e.Message}", e));
        }
        if (response.IsSuccessStatusCode || response.StatusCode == context.AlsoExpected)
        {
            return response;
        }
        using (response)
        {
            throw await ApiError.ReadAsync(response, context.Service, Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    internal static ByteArrayContent JsonContent(ReadOnlyMemory<byte> body)
    {
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new("application/json");
        return content;
    }

    /// <summary>Joins address and path unchanged: the framework would collapse "..", so that a name could leave its container.</summary>
    internal static Uri RawUri(Uri endpoint, string path) => new(
        endpoint.AbsoluteUri.TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>Reads a version document of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="address">The address of the document.</param>
    /// <param name="anonymous">Whether to send no token, as is necessary during a login.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    internal async Task<IReadOnlyList<ApiVersion>> ReadVersionsAsync(
        ServiceType service, Uri address, bool anonymous, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var context = new RequestContext(service) { Anonymous = anonymous, AlsoExpected = HttpStatusCode.MultipleChoices };
        using var response = await SendAsync(request, context, cancellationToken).ConfigureAwait(false);
        using var document = await ReadJsonAsync(response, cancellationToken).ConfigureAwait(false);
        return Json.Guard(() => ApiVersion.ReadAll(document.RootElement));
    }

    internal static async Task<JsonDocument> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await JsonDocument.ParseAsync(stream, default, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AuthToken> LoginAsync(CancellationToken cancellationToken)
    {
        var identity = await IdentityAddressAsync(cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, RawUri(identity, "/auth/tokens"))
        {
            Content = JsonContent(AuthRequest.Write(Config.Credential, Config.Scope)),
        };
        var context = new RequestContext(ServiceType.Identity) { Anonymous = true, Repeatable = true };
        using var response = await SendAsync(request, context, cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = await ReadJsonAsync(response, cancellationToken).ConfigureAwait(false);
            var token = Json.Guard(() => Json.Read(document.RootElement, "token", IdentityJson.Default.AuthToken));
            var now = Options.TimeProvider.GetUtcNow();
            var id = response.Headers.TryGetValues("X-Subject-Token", out var ids)
                ? ids.First() : throw new JsonException("there is no X-Subject-Token");
            ClientLog.LoggedIn(Options.Logger, Config.Name, token.ExpiresAt);
            return token with
            {
                Id = id,
                IssuedAt = token.IssuedAt == default ? response.Headers.Date ?? now : token.IssuedAt,
                ClockSkew = now - response.Headers.Date,
            };
        }
        catch (JsonException e)
        {
            throw new OpenStackException($"{identity} did not return a token for a login: {e.Message}", e);
        }
    }

    /// <summary>Finds Keystone v3: auth_url itself, or the address in its version document, or else auth_url with /v3.</summary>
    private async Task<Uri> IdentityAddressAsync(CancellationToken cancellationToken)
    {
        var path = Config.AuthUrl.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/v2.0", StringComparison.Ordinal))
        {
            throw new CloudConfigException(
                $"cloud '{Config.Name}': auth_url is Keystone v2, which was removed from OpenStack in 2018; end it in /v3", Config.File);
        }
        if (path.EndsWith("/v3/auth/tokens", StringComparison.Ordinal))
        {
            throw new CloudConfigException(
                $"cloud '{Config.Name}': auth_url is the address of logins; end it in /v3, without /auth/tokens", Config.File);
        }
        if (path.EndsWith("/v3", StringComparison.Ordinal))
        {
            return Config.AuthUrl;
        }
        try
        {
            var versions = await ReadVersionsAsync(ServiceType.Identity, Config.AuthUrl, true, cancellationToken).ConfigureAwait(false);
            var v3 = versions.FirstOrDefault(version => version.Id.StartsWith("v3", StringComparison.Ordinal));
            return v3 is not null ? EndpointVersion.Combine(Config.AuthUrl, v3.Self, "v3") : throw new OpenStackException(
                $"{Config.AuthUrl} has no Keystone v3, only: {string.Join(", ", versions.Select(version => version.Id))}");
        }
        catch (Exception e) when (e is JsonException or OpenStackApiException)
        {
            // Not cached: the next login reads the document again.
            return EndpointVersion.Combine(Config.AuthUrl, null, "v3");
        }
    }
}
