using System.Net;
using System.Net.Http.Headers;
using Faafo.Scaler.OpenStack;
using Faafo.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

public sealed class FailoverHandlerTests : IDisposable
{
    private readonly Network _network = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_fails_over_to_the_next_api_and_stays_there()
    {
        using var http = Connect("http://one/", "http://two/", "http://three/");
        _network.Unreachable.Add("one");

        await http.PutAsync("v1/nodes/a", new StringContent("beat"), Ct);
        await http.GetAsync("v1/nodes?all=1", Ct);

        Assert.Equal(["PUT http://one/v1/nodes/a", "PUT http://two/v1/nodes/a beat", "GET http://two/v1/nodes?all=1"], _network.Requests);
    }

    [Fact]
    public async Task First_api_is_used_again_when_the_others_are_unreachable()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Unreachable.Add("one");
        await http.GetAsync("a", Ct);
        _network.Unreachable.Clear();
        _network.Unreachable.Add("two");
        await http.GetAsync("b", Ct);

        Assert.Equal(["GET http://one/a", "GET http://two/a", "GET http://two/b", "GET http://one/b"], _network.Requests);
    }

    [Fact]
    public async Task Each_api_is_tried_once_before_the_request_fails()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Unreachable.UnionWith(["one", "two"]);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("a", Ct));

        Assert.Equal(["GET http://one/a", "GET http://two/a"], _network.Requests);
    }

    [Fact]
    public async Task Rejection_by_an_api_counts_as_a_response()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Responses["one"] = () => Response(HttpStatusCode.NotFound, Problem.MediaType);

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("a", Ct)).StatusCode);
        Assert.Single(_network.Requests);
    }

    [Theory]
    [InlineData(500, Problem.MediaType)]
    [InlineData(503, "text/html")]
    [InlineData(404, "text/plain")]
    [InlineData(404, null)]
    [InlineData(401, "text/html")]
    [InlineData(200, "text/html")]
    public async Task Error_of_a_server_or_a_proxy_fails_over_to_the_next_api(int status, string? type)
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Responses["one"] = () => Response((HttpStatusCode)status, type);

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("a", Ct)).StatusCode);
        await http.GetAsync("b", Ct);
        Assert.Equal(["GET http://one/a", "GET http://two/a", "GET http://two/b"], _network.Requests);

        _network.Responses["two"] = _network.Responses["one"];
        Assert.Equal(status, (int)(await http.GetAsync("c", Ct)).StatusCode);       // when all fail, the last response is returned
    }

    [Fact]
    public async Task Body_that_never_arrives_or_never_ends_fails_over_to_the_next_api()
    {
        await using var hanging = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        await using var trickling = RawServer.Trickling("HTTP/1.1 200 OK\r\n\r\n");
        await using var silent = new RawServer(null);
        await using var working = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        Uri[] endpoints = [hanging.Endpoint, trickling.Endpoint, silent.Endpoint, working.Endpoint];
        using var any = new FailoverHandler(endpoints, new SocketsHttpHandler { UseProxy = false }, TimeSpan.FromMilliseconds(300));
        var api = FaafoClient.Connect(endpoints[0], any, TimeSpan.FromSeconds(60));

        Assert.Null((await api.GetQueueAsync(Ct)).Ready);
    }

    [Fact]
    public async Task First_api_is_used_again_after_a_minute()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Unreachable.Add("one");
        await http.GetAsync("a", Ct);
        _time.Advance(TimeSpan.FromSeconds(59));
        await http.GetAsync("b", Ct);
        _time.Advance(TimeSpan.FromSeconds(1));
        await http.GetAsync("c", Ct);
        _network.Unreachable.Clear();
        await http.GetAsync("d", Ct);
        _time.Advance(TimeSpan.FromMinutes(1));
        await http.GetAsync("e", Ct);

        Assert.Equal(["one/a", "two/a", "two/b", "one/c", "two/c", "two/d", "one/e"],
            _network.Requests.Select(request => request["GET http://".Length..]));
    }

    [Fact]
    public async Task Error_names_the_api_that_was_asked_last()
    {
        _network.Responses["one"] = () => Response(HttpStatusCode.ServiceUnavailable, null);
        _network.Unreachable.Add("two");
        Assert.Equal("cannot reach the API at http://two: no route to host", (await FailureAsync()).Message);

        _network.Unreachable.Clear();
        _network.Responses["two"] = _network.Responses["one"];
        Assert.Equal("http://two/ responded 503 Service Unavailable", (await FailureAsync()).Message);

        _network.Responses["two"] = () => new HttpResponseMessage { Content = new StringContent("<html/>", mediaType: new("text/html")) };
        Assert.StartsWith("http://two/ responded 200 OK: ", (await FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_of_an_api_that_hangs_names_it_and_its_time_limit()
    {
        await using var hanging = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        Uri[] endpoints = [new("http://127.0.0.1:1/"), hanging.Endpoint];
        using var any = new FailoverHandler(endpoints, new SocketsHttpHandler { UseProxy = false }, TimeSpan.FromMilliseconds(300));

        var error = await Assert.ThrowsAsync<FaafoApiException>(
            () => FaafoClient.Connect(endpoints[0], any, TimeSpan.FromSeconds(60)).GetQueueAsync(Ct));

        Assert.Equal($"cannot reach the API at {hanging.Endpoint.AbsoluteUri.TrimEnd('/')}: no response within 0.3 s", error.Message);
    }

    public void Dispose() => _network.Dispose();

    private Task<FaafoApiException> FailureAsync()
    {
        Uri[] endpoints = [new("http://one/"), new("http://two/")];
        var api = FaafoClient.Connect(endpoints[0], new FailoverHandler(endpoints, _network), TimeSpan.FromSeconds(60));
        return Assert.ThrowsAsync<FaafoApiException>(() => api.GetQueueAsync(Ct));
    }

    private HttpClient Connect(params string[] endpoints) =>
        new(new FailoverHandler([.. endpoints.Select(endpoint => new Uri(endpoint))], _network, time: _time))
        {
            BaseAddress = new Uri(endpoints[0]),
        };

    private static HttpResponseMessage Response(HttpStatusCode status, string? type)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return new HttpResponseMessage(status) { Content = content };
    }

    private sealed class Network : HttpMessageHandler
    {
        public Dictionary<string, Func<HttpResponseMessage>> Responses { get; } = [];

        public HashSet<string> Unreachable { get; } = [];

        public List<string> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var line = $"{request.Method} {request.RequestUri}";
            if (Unreachable.Contains(request.RequestUri!.Host))
            {
                Requests.Add(line);
                throw new HttpRequestException("no route to host");
            }
            Requests.Add(request.Content is { } content ? $"{line} {await content.ReadAsStringAsync(cancellationToken)}" : line);
            var response = Responses.TryGetValue(request.RequestUri.Host, out var respond) ? respond() : new HttpResponseMessage();
            response.RequestMessage = request;
            return response;
        }
    }
}
