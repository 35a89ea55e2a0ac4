using System.Net;
using Faafo.Scaler.Topology;
using Xunit;

namespace Faafo.Tests.Scaler.Topology;

public sealed class AnyApiTests : IDisposable
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
    public async Task A_refusal_is_an_answer()
    {
        using var http = Connect("http://one/", "http://two/");
        _network.Status = HttpStatusCode.InternalServerError;

        Assert.Equal(HttpStatusCode.InternalServerError, (await http.GetAsync("a", Ct)).StatusCode);
        Assert.Single(_network.Asked);
    }

    public void Dispose() => _network.Dispose();

    private HttpClient Connect(params string[] endpoints) =>
        new(new AnyApi([.. endpoints.Select(endpoint => new Uri(endpoint))], _network)) { BaseAddress = new Uri(endpoints[0]) };

    private sealed class Network : HttpMessageHandler
    {
        public HashSet<string> Dead { get; } = [];

        public List<string> Asked { get; } = [];

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = $"{request.Method} {request.RequestUri}";
            if (Dead.Contains(request.RequestUri!.Host))
            {
                Asked.Add(asked);
                throw new HttpRequestException("no route to host");
            }
            Asked.Add(request.Content is { } content ? $"{asked} {await content.ReadAsStringAsync(cancellationToken)}" : asked);
            return new HttpResponseMessage(Status);
        }
    }
}
