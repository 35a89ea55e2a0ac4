using System.Net;
using System.Text.Json.Nodes;
using Faafo.Nodes;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class BalancerConfigTests : IAsyncLifetime
{
    private readonly TestApi _api = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Configuration_lists_the_apis_that_run_and_do_not_drain()
    {
        await BeatAsync("api-2", "http://10.0.0.2:80");
        await BeatAsync("api-1", "http://10.0.0.1:8081");
        await BeatAsync("api-6", "http://[fd00::6]:80/");
        await BeatAsync("worker-1", "http://10.0.0.9:80", role: "worker");
        await BeatAsync("api-3", "http://10.0.0.3:80", NodeState.Left);
        await BeatAsync("api-4", "http://10.0.0.4:80");
        await _api.Client.DrainNodeAsync("api-4", drain: true, Cancelled);
        await BeatAsync("api-5", "http://*:80");
        await BeatAsync("api-7", "http://0.0.0.0:80");

        var config = await _api.Http.GetStringAsync(
            "v1/haproxy.cfg?bind=127.0.0.1:8080&stats=127.0.0.1:8405&socket=/tmp/a.sock&user=haproxy", Cancelled);
        var lines = config.Split('\n');

        Assert.Equal(["    server api-1 10.0.0.1:8081", "    server api-2 10.0.0.2:80", "    server api-6 [fd00::6]:80"],
            lines.Where(line => line.TrimStart().StartsWith("server ", StringComparison.Ordinal)));
        Assert.Contains("    bind 127.0.0.1:8080", lines);
        Assert.Contains("    bind 127.0.0.1:8405", lines);
        Assert.Contains(lines, line => line.StartsWith("    stats socket /tmp/a.sock ", StringComparison.Ordinal));
        Assert.Contains("    user haproxy", lines);
    }

    [Fact]
    public async Task Nodes_and_clients_cannot_inject_lines_into_the_configuration()
    {
        await BeatAsync("api-1", "http://10.0.0.1:80");
        await BeatAsync("api-2\n    evil", "http://10.0.0.2:80");
        await BeatAsync("api-3", "http://10.0.0.3:80\n    evil");
        await BeatAsync("api-4", "http://evil maid:80");

        Assert.DoesNotContain("evil", await _api.Http.GetStringAsync("v1/haproxy.cfg", Cancelled), StringComparison.Ordinal);
        (string, string)[] invalid = [("bind", "*:80%0A"), ("bind", "80"), ("stats", "*:1 evil"), ("socket", "/a b"), ("user", "Root")];
        foreach (var (field, value) in invalid)
        {
            using var rejected = await _api.Http.GetAsync($"v1/haproxy.cfg?{field}={value}", Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, rejected.StatusCode);
            Assert.Equal(field, (await TestApi.JsonAsync(rejected)).GetProperty("errors")[0].GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task Configuration_is_unavailable_without_a_reachable_api()
    {
        using var response = await _api.Http.GetAsync("v1/haproxy.cfg", Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Request_replayed_by_a_balancer_is_accepted_again_and_a_repeated_uuid_is_not()
    {
        var uuid = Guid.NewGuid();
        var receivedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var first = await PostAsync(TestApi.Request(uuid), receivedAt);
        using var again = await PostAsync(TestApi.Request(uuid), receivedAt);
        using var later = await PostAsync(TestApi.Request(uuid), receivedAt + 60_000);
        using var plain = await _api.PostAsync(TestApi.Request(uuid));
        var changed = TestApi.Request(uuid);
        changed["width"] = 301;
        using var other = await PostAsync(changed, receivedAt);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(uuid, (await TestApi.JsonAsync(again)).GetProperty("uuid").GetGuid());
        Assert.All((HttpResponseMessage[])[later, plain, other], response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
    }

    private async Task<HttpResponseMessage> PostAsync(JsonObject body, long receivedAt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/fractal")
        {
            Content = new StringContent(body.ToJsonString(), null, "application/json"),
        };
        request.Headers.Add("X-Request-Start", $"t={receivedAt}");
        return await _api.Http.SendAsync(request, Cancelled);
    }

    private Task<HeartbeatResponse> BeatAsync(string name, string address, NodeState state = NodeState.Ready, string role = "api") =>
        _api.Client.PutNodeAsync(name, new NodeReport { Role = role, Address = address, State = state }, Cancelled);
}
