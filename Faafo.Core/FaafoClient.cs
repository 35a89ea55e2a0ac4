using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faafo.Fractals;
using Faafo.Http;
using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo;

/// <summary>
/// The API as a typed client. It is safe for many callers at a time; the handler keeps their connections. "There is none" is said only
/// where the API's own problem document says so: the 404 of a proxy is an error like any other.
/// </summary>
/// <param name="http">Has the API's address as its base.</param>
/// <param name="timeout">How long an answer may take, to its last byte; the HttpClient's own timeout if not given.</param>
public sealed class FaafoClient(HttpClient http, TimeSpan? timeout = null)
{
    /// <summary>Where the API listens, and is looked for, unless told otherwise.</summary>
    public const string DefaultEndpoint = "http://127.0.0.1:8080";

    /// <summary>How long an answer may take unless told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    private const int CopyBuffer = 80 << 10;

    // A picture that goes along with a result may take a second more for each of these bytes.
    private const int SlowestUpload = 256 << 10;

    private readonly TimeSpan _timeout = timeout ?? http.Timeout;
    private readonly ApiExchange _api = new(http, timeout ?? http.Timeout);

    /// <summary>A client of the API at an address, over at most <paramref name="connections"/> connections.</summary>
    public static FaafoClient Connect(Uri endpoint, int connections = 16, TimeSpan? timeout = null) =>
        Connect(endpoint, Connections(connections), timeout ?? DefaultTimeout);

    /// <summary>A client with a handler; one that blocks its caller has to give up by itself, after <paramref name="timeout"/>.</summary>
    public static FaafoClient Connect(Uri endpoint, HttpMessageHandler handler, TimeSpan timeout) =>
        new(new HttpClient(handler) { BaseAddress = Base(endpoint), Timeout = Timeout.InfiniteTimeSpan }, timeout);

    /// <summary>The usual handler, that of <see cref="Connect(Uri, int, TimeSpan?)"/>.</summary>
    public static HttpMessageHandler Connections(int most) =>
        HttpConnections.Create(most);

    private static Uri Base(Uri endpoint) => new(endpoint.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>The API's address, with a slash at its end.</summary>
    public Uri Endpoint => _api.Endpoint;

    /// <summary>POST /v1/fractal: accepts a fractal; when it returns, the fractal will be drawn.</summary>
    /// <exception cref="FaafoApiException">Refused (400) or not reachable.</exception>
    public Task<Fractal> CreateAsync(NewFractal fractal, CancellationToken cancellationToken)
    {
        var order = new ByteArrayContent(OrderJson.Write(fractal)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return _api.SendAsync(HttpMethod.Post, "v1/fractal", order, fractal.Uuid.ToString(),
            (response, stop) => _api.ReadAsync(response, json => Of(OrderJson.Read(json), fractal.Uuid), stop), cancellationToken);
    }

    /// <summary>GET /v1/fractal/UUID; null when there is none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async Task<Fractal?> FindAsync(Guid uuid, CancellationToken cancellationToken)
    {
        try
        {
            return await FractalAsync(HttpMethod.Get, uuid, null, fractal => fractal, cancellationToken);
        }
        catch (FaafoApiException e) when (e.Type == Problem.NoSuchFractal)
        {
            return null;
        }
    }

    /// <summary>GET /v1/fractal: every fractal in the order of uuid, page after page along the <c>next</c> links.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public async IAsyncEnumerable<Fractal> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken, int resultsPerPage = 100)
    {
        for (string? next = $"v1/fractal?page=1&results_per_page={resultsPerPage}"; next is not null;)
        {
            (var page, next) = await _api.SendAsync(HttpMethod.Get, next, null, null, async (response, stop) =>
            {
                var link = NextLink(response.Headers);
                return (await ReadAsync(response, FaafoJson.Default.FractalPage, IsWhole, stop), link);
            }, cancellationToken);
            foreach (var fractal in page.Objects)
            {
                yield return fractal;
            }
        }

        static bool IsWhole(FractalPage page) => page.Objects?.All(one => one is not null) is true;
    }

    /// <summary>DELETE /v1/fractal/UUID; false when there was none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<bool> DeleteAsync(Guid uuid, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, $"v1/fractal/{uuid}", uuid.ToString(), Problem.NoSuchFractal, cancellationToken);

    /// <summary>PUT /v1/fractal/UUID: reports a result; false when the fractal was deleted meanwhile.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable, or something answered that has not kept the result.</exception>
    public async Task<bool> PutResultAsync(Guid uuid, FractalResult result, CancellationToken cancellationToken)
    {
        try
        {
            await FractalAsync(HttpMethod.Put, uuid, Json(result, FaafoJson.Default.FractalResult), row =>
                (result.Error is null ? string.Equals(row.Checksum, result.Checksum, StringComparison.OrdinalIgnoreCase) : row.IsFinished)
                    ? row : throw new JsonException($"it has not kept the result of fractal {uuid}"),
                cancellationToken, TimeSpan.FromSeconds((result.Image?.Length ?? 0) / SlowestUpload));
            return true;
        }
        catch (FaafoApiException e) when (e.Type == Problem.NoSuchFractal)
        {
            return false;
        }
    }

    /// <summary>GET /fractal/UUID: copies the image to a stream; false when there is none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable, maybe in the middle: some of the image is in the stream then.</exception>
    public async Task<bool> CopyImageAsync(Guid uuid, Stream destination, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _api.SendAsync(
                HttpMethod.Get, $"fractal/{uuid}", null, uuid.ToString(), (answer, _) => Task.FromResult(answer), cancellationToken);
            var type = response.Content.Headers.ContentType?.MediaType;
            // A store that the API redirects to may know no better type.
            if (response.StatusCode != HttpStatusCode.OK || type is not (null or "image/png" or "application/octet-stream"))
            {
                throw _api.Foreign(response, $" with {type ?? "nothing"} instead of a picture");
            }
            await using var image = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[CopyBuffer];
            while (await ReadAsync(image, buffer, cancellationToken) is > 0 and var read)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            return true;
        }
        catch (FaafoApiException e) when (e.Type is Problem.NoSuchFractal or Problem.NoSuchImage)
        {
            return false;
        }
    }

    /// <summary>GET /v1/queue.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<QueueReport> GetQueueAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "v1/queue", null, FaafoJson.Default.QueueReport, _ => true, cancellationToken);

    /// <summary>GET /v1/nodes.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<IReadOnlyList<Node>> GetNodesAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, "v1/nodes", null,
        FaafoJson.Default.IReadOnlyListNode, nodes => nodes.All(node => node is { Name: not null, Report: not null }), cancellationToken);

    /// <summary>PUT /v1/nodes/NAME: a heartbeat, answered with what the node is to do.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<HeartbeatResponse> PutNodeAsync(string name, NodeReport report, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"v1/nodes/{Uri.EscapeDataString(name)}", Json(report, FaafoJson.Default.NodeReport),
            FaafoJson.Default.HeartbeatResponse, _ => true, cancellationToken);

    /// <summary>POST or DELETE /v1/nodes/NAME/drain; false when there is no such node.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<bool> DrainNodeAsync(string name, bool drain, CancellationToken cancellationToken) =>
        ChangeAsync(drain ? HttpMethod.Post : HttpMethod.Delete, $"v1/nodes/{Uri.EscapeDataString(name)}/drain",
            name, Problem.NoSuchNode, cancellationToken);

    /// <summary>DELETE /v1/nodes/NAME: forgets a node that is no more; false when there is none.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<bool> ForgetNodeAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, $"v1/nodes/{Uri.EscapeDataString(name)}", name, Problem.NoSuchNode, cancellationToken);

    /// <summary>GET /v1/groups: what operators have told the scaler.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<IReadOnlyList<GroupOverrides>> GetGroupsAsync(CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Get, "v1/groups", null, FaafoJson.Default.IReadOnlyListGroupOverrides, groups => groups.All(group => group is { Group: not null }), cancellationToken);

    /// <summary>PUT /v1/groups/NAME: tells the scaler something about a group.</summary>
    /// <exception cref="FaafoApiException">Refused or not reachable.</exception>
    public Task<GroupOverrides> PutGroupAsync(GroupOverrides orders, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"v1/groups/{Uri.EscapeDataString(orders.Group)}", Json(orders, FaafoJson.Default.GroupOverrides),
            FaafoJson.Default.GroupOverrides, kept => kept.Group == orders.Group, cancellationToken);

    /// <summary>GET /readyz: whether the API answers and says that it is ready. Never throws for an API that is away.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _api.SendAsync(HttpMethod.Get, "readyz", null, null,
                (response, stop) => _api.ReadAsync(response, body => body.AsSpan().SequenceEqual("ok"u8), stop), cancellationToken);
        }
        catch (FaafoApiException)
        {
            return false;
        }
    }

    // What the network says, and not what the disk does. A picture may take long, but not stand still.
    private async Task<int> ReadAsync(Stream image, byte[] buffer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            return await image.ReadAsync(buffer, patience.Token);
        }
        catch (Exception e)
        {
            // A read that is given up ends the connection, and may say that instead.
            cancellationToken.ThrowIfCancellationRequested();
            throw patience.IsCancellationRequested ? _api.TimedOut() : FaafoApiException.Unreachable(Endpoint, e);
        }
    }

    private static JsonContent Json<T>(T value, JsonTypeInfo<T> type) =>
        JsonContent.Create(value, type, new MediaTypeHeaderValue("application/json"));

    private static Fractal Of(Fractal? fractal, Guid uuid) => fractal is null ? throw new JsonException("its answer is null")
        : fractal.Uuid == uuid ? fractal : throw new JsonException($"its answer is fractal {fractal.Uuid}, not {uuid}");

    private Task<Fractal> FractalAsync(HttpMethod method, Guid uuid, HttpContent? body, Func<Fractal, Fractal> check,
        CancellationToken cancellationToken, TimeSpan longer = default) =>
        _api.SendAsync(method, $"v1/fractal/{uuid}", body, uuid.ToString(),
            (response, stop) => _api.ReadAsync(
                response, json => check(Of(JsonSerializer.Deserialize(json, FaafoJson.Default.Fractal), uuid)), stop),
            cancellationToken, longer);

    private Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, Func<T, bool> isWhole,
        CancellationToken cancellationToken) =>
        _api.SendAsync(method, path, body, null, (response, stop) => ReadAsync(response, type, isWhole, stop), cancellationToken);

    private Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, Func<T, bool> isWhole, CancellationToken stop) =>
        _api.ReadAsync(response, json => JsonSerializer.Deserialize(json, type) is { } value
            ? isWhole(value) ? value : throw new JsonException("its answer lacks fields") : default, stop);

    private async Task<bool> ChangeAsync(
        HttpMethod method, string path, string resource, string absent, CancellationToken cancellationToken)
    {
        try
        {
            return await _api.SendAsync(method, path, null, resource, (response, _) => Task.FromResult(_api.ReadNothing(response)),
                cancellationToken);
        }
        catch (FaafoApiException e) when (e.Type == absent)
        {
            return false;
        }
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
