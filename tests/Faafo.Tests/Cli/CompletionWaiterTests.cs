using System.Net;
using System.Text.Json;
using Faafo.Cli;
using Faafo.Fractals;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Cli;

public sealed class CompletionWaiterTests
{
    private static readonly Guid Uuid = Guid.NewGuid();

    private static readonly Fractal Drawn = new()
    {
        Uuid = Uuid,
        Width = 1,
        Height = 1,
        Iterations = 1,
        Xa = 0,
        Xb = 1,
        Ya = 0,
        Yb = 1,
        Status = FractalStatus.Done,
    };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Proxy_without_a_route_is_polled_again_and_no_fractal_counts_as_deleted()
    {
        using var proxy = new Proxy(lost: 5);

        var finished = await WaitAsync(proxy);

        Assert.Equal(FractalStatus.Done, finished[Uuid].Status);
    }

    [Fact]
    public async Task Proxy_that_never_gets_a_route_fails_after_the_timeout()
    {
        using var proxy = new Proxy(lost: int.MaxValue);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => WaitAsync(proxy));

        Assert.Equal(404, error.Status);
        Assert.InRange(proxy.Requests, 30, 32);      // once a second for 30 s
    }

    // A second passes after each round.
    private Task<IReadOnlyDictionary<Guid, Fractal>> WaitAsync(Proxy proxy) => CompletionWaiter.WaitAsync(
        FaafoClient.Connect(new Uri("http://api.test/"), proxy, TimeSpan.FromSeconds(60)), [Uuid],
        (_, _) => _time.Advance(TimeSpan.FromSeconds(1)), _time, TestContext.Current.CancellationToken);

    private sealed class Proxy(int lost) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(++Requests <= lost
                ? new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("default backend - 404") }
                : new HttpResponseMessage { Content = new StringContent(JsonSerializer.Serialize(Drawn, FaafoJson.Default.Fractal)) });
    }
}
