using System.Net;
using System.Net.Http.Headers;
using Faafo.Scaler.OpenStack;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

public sealed class FailoverHandlerTests : IDisposable
{
    private readonly Network _network = new();

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

    public void Dispose() => _network.Dispose();

    private HttpClient Connect(params string[] endpoints) =>
        new(new FailoverHandler([.. endpoints.Select(endpoint => new Uri(endpoint))], _network)) { BaseAddress = new Uri(endpoints[0]) };

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
            return Responses.TryGetValue(request.RequestUri.Host, out var respond) ? respond() : new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
