using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo;

/// <summary>The API as a typed client. It is safe for many callers at a time; the handler keeps their connections.</summary>
/// <param name="http">Has the API's address as its base.</param>
/// <param name="timeout">How long an answer may take; the HttpClient's own timeout if not given.</param>
public sealed class FaafoClient(HttpClient http, TimeSpan? timeout = null)
{
    /// <summary>Where the API listens, and is looked for, unless told otherwise.</summary>
    public const string DefaultEndpoint = "http://127.0.0.1:8080";

    /// <summary>How long an answer may take unless told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    private const int CopyBuffer = 80 << 10;
    private readonly TimeSpan _timeout = timeout ?? http.Timeout;

    /// <summary>A client of the API at an address, over at most <paramref name="connections"/> connections.</summary>
    public static FaafoClient Connect(Uri endpoint, int connections = 16, TimeSpan? timeout = null) =>
        new(new HttpClient(Connections(connections)) { BaseAddress = Base(endpoint), Timeout = timeout ?? DefaultTimeout });

    /// <summary>A client whose handler gives up itself, after <paramref name="timeout"/>, what takes too long.</summary>
    public static FaafoClient Connect(Uri endpoint, HttpMessageHandler handler, TimeSpan timeout) =>
        new(new HttpClient(handler) { BaseAddress = Base(endpoint), Timeout = Timeout.InfiniteTimeSpan }, timeout);

    /// <summary>The usual handler, that of <see cref="Connect(Uri, int, TimeSpan?)"/>.</summary>
    public static HttpMessageHandler Connections(int most) =>
        new SocketsHttpHandler { MaxConnectionsPerServer = most, ConnectTimeout = TimeSpan.FromSeconds(30), UseProxy = false };

    private static Uri Base(Uri endpoint) => new(endpoint.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>The API's address, with a slash at its end.</summary>
    public Uri Endpoint => http.BaseAddress!;

    /// <summary>POST /v1/fractal: accepts a fractal; when it returns, the fractal will be drawn.</summary>
    /// <exception cref="FaafoApiException">Refused (400) or not reachable.</exception>
    public async Task<Fractal> CreateAsync(NewFractal fractal, CancellationToken cancellationToken)
    {
        var order = new ByteArrayContent(OrderJson.Write(fractal)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await SendAsync(HttpMethod.Post, "v1/fractal", order, cancellationToken);
        return await ContentAsync(response, async () => OrderJson.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken)), cancellationToken);
    }

    /// <summary>GET /v1/fractal/UUID; null when there is none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async Task<Fractal?> FindAsync(Guid uuid, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"v1/fractal/{uuid}", null, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null
            : await ContentAsync(response, FaafoJson.Default.Fractal, cancellationToken);
    }

    /// <summary>GET /v1/fractal: every fractal in the order of uuid, page after page along the <c>next</c> links.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async IAsyncEnumerable<Fractal> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken, int resultsPerPage = 100)
    {
        for (string? next = $"v1/fractal?page=1&results_per_page={resultsPerPage}"; next is not null;)
        {
            using var response = await SendAsync(HttpMethod.Get, next, null, cancellationToken);
            var page = await ContentAsync(response, FaafoJson.Default.FractalPage, cancellationToken);
            foreach (var fractal in page.Objects)
            {
                yield return fractal;
            }
            next = NextLink(response.Headers);
        }
    }

    /// <summary>DELETE /v1/fractal/UUID; false when there was none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async Task<bool> DeleteAsync(Guid uuid, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"v1/fractal/{uuid}", null, cancellationToken);
        return response.StatusCode != HttpStatusCode.NotFound && await EnsureAsync(response, cancellationToken);
    }

    /// <summary>PUT /v1/fractal/UUID: reports a result; false when the fractal was deleted meanwhile.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async Task<bool> PutResultAsync(Guid uuid, FractalResult result, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Put, $"v1/fractal/{uuid}", Json(result, FaafoJson.Default.FractalResult), cancellationToken);
        return response.StatusCode != HttpStatusCode.NotFound && await EnsureAsync(response, cancellationToken);
    }

    /// <summary>GET /fractal/UUID: copies the image to a stream; false when there is none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable, maybe in the middle: some of the image is in the stream then.</exception>
    public async Task<bool> CopyImageAsync(Guid uuid, Stream destination, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"fractal/{uuid}", null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound || !await EnsureAsync(response, cancellationToken))
        {
            return false;
        }
        await using var image = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[CopyBuffer];
        while (await ReadAsync(image, buffer, cancellationToken) is > 0 and var read)
        {
            await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        return true;
    }

    /// <summary>GET /v1/queue.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<QueueReport> GetQueueAsync(CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Get, "v1/queue", null, FaafoJson.Default.QueueReport, cancellationToken);

    /// <summary>GET /v1/nodes.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<IReadOnlyList<Node>> GetNodesAsync(CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Get, "v1/nodes", null, FaafoJson.Default.IReadOnlyListNode, cancellationToken);

    /// <summary>PUT /v1/nodes/NAME: a heartbeat, answered with what the node is to do.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<NodeOrders> PutNodeAsync(string name, NodeReport report, CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Put, $"v1/nodes/{Uri.EscapeDataString(name)}", Json(report, FaafoJson.Default.NodeReport),
            FaafoJson.Default.NodeOrders, cancellationToken);

    /// <summary>POST or DELETE /v1/nodes/NAME/drain; false when there is no such node.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async Task<bool> DrainNodeAsync(string name, bool drain, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(drain ? HttpMethod.Post : HttpMethod.Delete, $"v1/nodes/{Uri.EscapeDataString(name)}/drain", null,
            cancellationToken);
        return response.StatusCode != HttpStatusCode.NotFound && await EnsureAsync(response, cancellationToken);
    }

    /// <summary>DELETE /v1/nodes/NAME: forgets a node that is no more; false when there is none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async Task<bool> ForgetNodeAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"v1/nodes/{Uri.EscapeDataString(name)}", null, cancellationToken);
        return response.StatusCode != HttpStatusCode.NotFound && await EnsureAsync(response, cancellationToken);
    }

    /// <summary>GET /v1/groups: what operators have told the scaler.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<IReadOnlyList<GroupOrders>> GetGroupsAsync(CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Get, "v1/groups", null, FaafoJson.Default.IReadOnlyListGroupOrders, cancellationToken);

    /// <summary>PUT /v1/groups/NAME: tells the scaler something about a group.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<GroupOrders> PutGroupAsync(GroupOrders orders, CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Put, $"v1/groups/{Uri.EscapeDataString(orders.Group)}", Json(orders, FaafoJson.Default.GroupOrders),
            FaafoJson.Default.GroupOrders, cancellationToken);

    /// <summary>GET /readyz: whether the API answers and says that it is ready. Never throws for an API that is away.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Get, "readyz", null, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (FaafoApiException)
        {
            return false;
        }
    }

    // What the network says, and not what the disk does; the client's own timeout is over when the headers have come.
    private async Task<int> ReadAsync(Stream image, byte[] buffer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            return await image.ReadAsync(buffer, patience.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A read that is given up ends the connection, and may say that instead.
            cancellationToken.ThrowIfCancellationRequested();
            throw patience.IsCancellationRequested ? TimedOut() : FaafoApiException.Unreachable(Endpoint, e);
        }
    }

    private FaafoApiException TimedOut() => FaafoApiException.Unreachable(Endpoint, new TimeoutException($"no answer within {_timeout.TotalSeconds:0} s"));

    private static JsonContent Json<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type, new MediaTypeHeaderValue("application/json"));

    private async Task<T> ReadAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
        return await ContentAsync(response, type, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw FaafoApiException.Unreachable(Endpoint, e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut();
        }
    }

    private Task<T> ContentAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ContentAsync(response, () => response.Content.ReadFromJsonAsync(type, cancellationToken), cancellationToken);

    private async Task<T> ContentAsync<T>(HttpResponseMessage response, Func<Task<T?>> read, CancellationToken cancellationToken)
    {
        await EnsureAsync(response, cancellationToken);
        try
        {
            return await read()
                ?? throw new FaafoApiException((int)response.StatusCode, $"{Endpoint}: answered null", null);
        }
        catch (JsonException e)
        {
            throw new FaafoApiException((int)response.StatusCode, $"{Endpoint}: this is not a Faafo API ({e.Message})", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw FaafoApiException.Unreachable(Endpoint, e);
        }
    }

    private async Task<bool> EnsureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return true;
        }
        string? detail = null;
        try
        {
            detail = (await response.Content.ReadFromJsonAsync(FaafoJson.Default.Problem, cancellationToken))?.Detail;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException or InvalidOperationException)
        {
            // Not one of our own errors, a proxy's for instance: the status code is all there is to say.
        }
        throw new FaafoApiException((int)response.StatusCode, detail ?? $"{Endpoint} answered {(int)response.StatusCode} {response.ReasonPhrase}", null);
    }

    private static string? NextLink(HttpResponseHeaders headers)
    {
        foreach (var link in headers.TryGetValues("Link", out var values) ? values.SelectMany(v => v.Split(',')) : [])
        {
            var parts = link.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Length > 1 && parts[1] == "rel=\"next\"" && Uri.TryCreate(parts[0].Trim('<', '>'), UriKind.RelativeOrAbsolute, out var uri))
            {
                // Only path and query: behind a proxy, the API does not know the name it is asked by.
                return (uri.IsAbsoluteUri ? uri.PathAndQuery : uri.OriginalString).TrimStart('/');
            }
        }
        return null;
    }
}
