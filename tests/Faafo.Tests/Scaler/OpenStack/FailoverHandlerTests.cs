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
    public async Task The_next_is_asked_when_one_does_not_answer_and_stays_the_one()
    {
        using var http = Connect("http://one/", "http://two/", "http://three/");
        _network.Dead.Add("one");

        await http.PutAsync("v1/nodes/a", new StringContent("beat"), Ct);
        await http.GetAsync("v1/nodes?all=1", Ct);

        Assert.Equal(["PUT http://one/v1/nodes/a", "PUT http://two/v1/nodes/a beat", "GET http://two/v1/nodes?all=1"], _network.Asked);
    }

    [Fact]
    public async Task The_first_is_found_again_when_the_others_are_away()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Dead.Add("one");
        await http.GetAsync("a", Ct);
        _network.Dead.Clear();
        _network.Dead.Add("two");
        await http.GetAsync("b", Ct);

        Assert.Equal(["GET http://one/a", "GET http://two/a", "GET http://two/b", "GET http://one/b"], _network.Asked);
    }

    [Fact]
    public async Task Each_is_asked_once_before_it_is_said_that_none_answers()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Dead.UnionWith(["one", "two"]);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("a", Ct));

        Assert.Equal(["GET http://one/a", "GET http://two/a"], _network.Asked);
    }

    [Fact]
    public async Task A_refusal_of_the_API_is_an_answer()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Answers["one"] = () => Answer(HttpStatusCode.NotFound, Problem.MediaType);

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("a", Ct)).StatusCode);
        Assert.Single(_network.Asked);
    }

    [Theory]
    [InlineData(500, Problem.MediaType)]
    [InlineData(503, "text/html")]
    [InlineData(404, "text/plain")]
    [InlineData(404, null)]
    [InlineData(401, "text/html")]
    [InlineData(200, "text/html")]
    public async Task An_error_of_a_server_or_of_a_proxy_moves_on_to_the_next(int status, string? type)
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Answers["one"] = () => Answer((HttpStatusCode)status, type);

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("a", Ct)).StatusCode);
        await http.GetAsync("b", Ct);
        Assert.Equal(["GET http://one/a", "GET http://two/a", "GET http://two/b"], _network.Asked);

        _network.Answers["two"] = _network.Answers["one"];
        Assert.Equal(status, (int)(await http.GetAsync("c", Ct)).StatusCode);       // when all say so, so does the last
    }

    [Fact]
    public async Task A_body_that_does_not_come_or_has_no_end_moves_on_to_the_next()
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

    private static HttpResponseMessage Answer(HttpStatusCode status, string? type)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return new HttpResponseMessage(status) { Content = content };
    }

    private sealed class Network : HttpMessageHandler
    {
        public Dictionary<string, Func<HttpResponseMessage>> Answers { get; } = [];

        public HashSet<string> Dead { get; } = [];

        public List<string> Asked { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = $"{request.Method} {request.RequestUri}";
            if (Dead.Contains(request.RequestUri!.Host))
            {
                Asked.Add(asked);
                throw new HttpRequestException("no route to host");
            }
            Asked.Add(request.Content is { } content ? $"{asked} {await content.ReadAsStringAsync(cancellationToken)}" : asked);
            return Answers.TryGetValue(request.RequestUri.Host, out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
