using Faafo.OpenStack.LoadBalancing;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Every property of Octavia's resources, from bodies in the format of the API reference, and every request.</summary>
public sealed class LoadBalancingBodiesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_balancer_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/lb/v2/lbaas/loadbalancers/b", $$"""{"loadbalancer":{{OctaviaBodies.Balancer}}}""");
        cloud.Answer("GET", "/lb/v2/lbaas/loadbalancers", $$"""{"loadbalancers":[{{OctaviaBodies.Balancer}}],"loadbalancers_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/loadbalancers", $$"""{"loadbalancer":{{OctaviaBodies.Balancer}}}""", 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/loadbalancers/b", "", 204);
        var expected = OctaviaBodies.ExpectedBalancer;
        Body.AssertRead(expected, await client.LoadBalancing.GetLoadBalancerAsync("b", Ct));
        Body.AssertRead(expected, await client.LoadBalancing.FindLoadBalancerAsync("web", Ct));
        Body.AssertRead(expected, await client.LoadBalancing.ListLoadBalancersAsync("web", cancellationToken: Ct).SingleAsync(Ct));
        Body.AssertRead(expected,
            await client.LoadBalancing.CreateLoadBalancerAsync(new NewLoadBalancer("web", "s") { Description = "of a test" }, Ct));
        Assert.True(await client.LoadBalancing.DeleteLoadBalancerAsync("b", Ct));

        Assert.Equal("""{"loadbalancer":{"name":"web","vip_subnet_id":"s","description":"of a test"}}""",
            cloud.Seen("POST", "/loadbalancers")[0].Body);
        Assert.Equal("?cascade=true", cloud.Seen("DELETE", "/loadbalancers/b")[0].Query);
    }

    [Fact]
    public async Task Listener_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/lb/v2/lbaas/listeners", $$"""{"listeners":[{{OctaviaBodies.Listener}}],"listeners_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/listeners", $$"""{"listener":{{OctaviaBodies.Listener}}}""", 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/listeners/l", "", 204);
        var expected = OctaviaBodies.ExpectedListener;

        Body.AssertRead(expected, await client.LoadBalancing.ListListenersAsync("lb1", Ct).SingleAsync(Ct));
        Body.AssertRead(expected,
            await client.LoadBalancing.CreateListenerAsync(new NewListener("lb1", "HTTP", 80) { Name = "http", DefaultPoolId = "p" }, Ct));
        Assert.True(await client.LoadBalancing.DeleteListenerAsync("lb1", "l", Ct));
        Assert.False(await client.LoadBalancing.DeleteListenerAsync("lb1", "none", Ct));

        Assert.Equal("?load_balancer_id=lb1", cloud.Seen("GET", "/listeners")[0].Query);
        Assert.Equal(
            """{"listener":{"loadbalancer_id":"lb1","protocol":"HTTP","protocol_port":80,"name":"http","default_pool_id":"p"}}""",
            cloud.Seen("POST", "/listeners")[0].Body);
    }

    [Fact]
    public async Task Pool_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/lb/v2/lbaas/pools", $$"""{"pools":[{{OctaviaBodies.Pool}}],"pools_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/pools", $$"""{"pool":{{OctaviaBodies.Pool}}}""", 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/pools/p", "", 204);
        var expected = OctaviaBodies.ExpectedPool;

        Body.AssertRead(expected, await client.LoadBalancing.ListPoolsAsync("lb1", Ct).SingleAsync(Ct));
        Body.AssertRead(expected, await client.LoadBalancing.CreatePoolAsync(
            "lb1", new NewPool("HTTP", "LEAST_CONNECTIONS") { Name = "web", ListenerId = "l" }, Ct));
        Assert.True(await client.LoadBalancing.DeletePoolAsync("lb1", "p", Ct));

        Assert.Equal("?loadbalancer_id=lb1", cloud.Seen("GET", "/pools")[0].Query);
        Assert.Equal("""{"pool":{"protocol":"HTTP","lb_algorithm":"LEAST_CONNECTIONS","name":"web","listener_id":"l"}}""",
            cloud.Seen("POST", "/pools")[0].Body);
    }

    [Fact]
    public async Task Member_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/lb/v2/lbaas/pools/p/members", $$"""{"members":[{{OctaviaBodies.Member}}],"members_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/pools/p/members", $$"""{"member":{{OctaviaBodies.Member}}}""", 201);
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p/members/m", $$"""{"member":{{OctaviaBodies.Member}}}""");
        cloud.Answer("DELETE", "/lb/v2/lbaas/pools/p/members/m", "", 204);
        var expected = OctaviaBodies.ExpectedMember;
        Body.AssertRead(expected, await client.LoadBalancing.ListMembersAsync("p", Ct).SingleAsync(Ct));
        Body.AssertRead(expected, await client.LoadBalancing.CreateMemberAsync(
            "lb1", "p", new NewMember("10.0.0.7", 8080) { Name = "web-1", SubnetId = "s", Weight = 5 }, Ct));
        Body.AssertRead(expected, await client.LoadBalancing.SetMemberWeightAsync("lb1", "p", "m", 5, Ct));
        Assert.True(await client.LoadBalancing.DeleteMemberAsync("lb1", "p", "m", Ct));

        Assert.Equal("""{"member":{"address":"10.0.0.7","protocol_port":8080,"name":"web-1","subnet_id":"s","weight":5}}""",
            cloud.Seen("POST", "/members")[0].Body);
        Assert.Equal("""{"member":{"weight":5}}""", cloud.Seen("PUT", "/members/m")[0].Body);
    }

    [Fact]
    public async Task Health_monitor_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/lb/v2/lbaas/healthmonitors", $$"""{"healthmonitor":{{OctaviaBodies.Monitor}}}""", 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/healthmonitors/h", "", 204);

        var monitor = await client.LoadBalancing.CreateHealthMonitorAsync(
            "lb1", new NewHealthMonitor("p", "HTTP", 7, 6, 4) { UrlPath = "/healthz" }, Ct);

        Body.AssertRead(OctaviaBodies.ExpectedMonitor, monitor);
        Assert.True(await client.LoadBalancing.DeleteHealthMonitorAsync("lb1", "h", Ct));
        Assert.Equal(
            """{"healthmonitor":{"pool_id":"p","type":"HTTP","delay":7,"timeout":6,"max_retries":4,"url_path":"/healthz"}}""",
            cloud.Seen("POST", "/healthmonitors")[0].Body);
    }
}
