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
        const string Balancer = """
            {"id":"b","name":"web","description":"of a test","provisioning_status":"ACTIVE","operating_status":"DEGRADED",
            "admin_state_up":true,"vip_address":"10.0.0.5","vip_port_id":"x",
            "vip_subnet_id":"s","vip_network_id":"n","provider":"amphora","flavor_id":"","listeners":[{"id":"l"}],"pools":[],
            "project_id":"p1","created_at":"2030-05-01T10:00:00","tags":[]}
            """;
        cloud.Answer("GET", "/lb/v2/lbaas/loadbalancers/b", $$"""{"loadbalancer":{{Balancer}}}""");
        cloud.Answer("GET", "/lb/v2/lbaas/loadbalancers", $$"""{"loadbalancers":[{{Balancer}}],"loadbalancers_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/loadbalancers", $$"""{"loadbalancer":{{Balancer}}}""", 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/loadbalancers/b", "", 204);
        var expected = new LoadBalancer
        {
            Id = "b",
            Name = "web",
            Description = "of a test",
            ProvisioningStatus = "ACTIVE",
            OperatingStatus = "DEGRADED",
            VipAddress = "10.0.0.5",
            VipPortId = "x",
            ProjectId = "p1",
        };
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
        const string Listener = """
            {"id":"l","name":"http","description":"","protocol":"HTTP","protocol_port":80,"default_pool_id":"p",
            "provisioning_status":"ACTIVE","operating_status":"ONLINE","connection_limit":-1,
            "loadbalancers":[{"id":"lb1"}],"insert_headers":{},"admin_state_up":true,"project_id":"p1"}
            """;
        cloud.Answer("GET", "/lb/v2/lbaas/listeners", $$"""{"listeners":[{{Listener}}],"listeners_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/listeners", $$"""{"listener":{{Listener}}}""", 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/listeners/l", "", 204);
        var expected = new Listener
        {
            Id = "l",
            Name = "http",
            Protocol = "HTTP",
            ProtocolPort = 80,
            DefaultPoolId = "p",
            ProvisioningStatus = "ACTIVE"
        };

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
        const string Pool = """
            {"id":"p","name":"web","description":"","protocol":"HTTP","lb_algorithm":"LEAST_CONNECTIONS","provisioning_status":"ACTIVE",
            "operating_status":"ONLINE","session_persistence":null,
            "loadbalancers":[{"id":"lb1"}],"listeners":[{"id":"l"}],"members":[],"healthmonitor_id":null,"admin_state_up":true,
            "project_id":"p1"}
            """;
        cloud.Answer("GET", "/lb/v2/lbaas/pools", $$"""{"pools":[{{Pool}}],"pools_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/pools", $$"""{"pool":{{Pool}}}""", 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/pools/p", "", 204);
        var expected = new Pool
        {
            Id = "p",
            Name = "web",
            Protocol = "HTTP",
            LbAlgorithm = "LEAST_CONNECTIONS",
            ProvisioningStatus = "ACTIVE"
        };

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
        const string Member = """
            {"id":"m","name":"web-1","address":"10.0.0.7","protocol_port":8080,"weight":5,"provisioning_status":"ACTIVE",
            "operating_status":"NO_MONITOR","subnet_id":"s","backup":false,
            "monitor_address":null,"monitor_port":null,"admin_state_up":true,"project_id":"p1"}
            """;
        cloud.Answer("GET", "/lb/v2/lbaas/pools/p/members", $$"""{"members":[{{Member}}],"members_links":[]}""");
        cloud.Answer("POST", "/lb/v2/lbaas/pools/p/members", $$"""{"member":{{Member}}}""", 201);
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p/members/m", $$"""{"member":{{Member}}}""");
        cloud.Answer("DELETE", "/lb/v2/lbaas/pools/p/members/m", "", 204);
        var expected = new Member
        {
            Id = "m",
            Name = "web-1",
            Address = "10.0.0.7",
            ProtocolPort = 8080,
            Weight = 5,
            ProvisioningStatus = "ACTIVE",
            OperatingStatus = "NO_MONITOR",
        };
        Body.AssertRead(expected, await client.LoadBalancing.ListMembersAsync("p", Ct).SingleAsync(Ct));
        Body.AssertRead(expected, await client.LoadBalancing.AddMemberAsync(
            "lb1", "p", new NewMember("10.0.0.7", 8080) { Name = "web-1", SubnetId = "s", Weight = 5 }, Ct));
        Body.AssertRead(expected, await client.LoadBalancing.SetMemberWeightAsync("lb1", "p", "m", 5, Ct));
        Assert.True(await client.LoadBalancing.RemoveMemberAsync("lb1", "p", "m", Ct));

        Assert.Equal("""{"member":{"address":"10.0.0.7","protocol_port":8080,"name":"web-1","subnet_id":"s","weight":5}}""",
            cloud.Seen("POST", "/members")[0].Body);
        Assert.Equal("""{"member":{"weight":5}}""", cloud.Seen("PUT", "/members/m")[0].Body);
    }

    [Fact]
    public async Task Health_monitor_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/lb/v2/lbaas/healthmonitors", """
            {"healthmonitor":{"id":"h","name":"","type":"HTTP","delay":7,"timeout":6,"max_retries":4,"max_retries_down":3,
            "http_method":"GET","url_path":"/healthz","expected_codes":"200",
            "pools":[{"id":"p"}],"provisioning_status":"ACTIVE","operating_status":"ONLINE","admin_state_up":true,"project_id":"p1"}}
            """, 201);
        cloud.Answer("DELETE", "/lb/v2/lbaas/healthmonitors/h", "", 204);

        var monitor = await client.LoadBalancing.CreateHealthMonitorAsync(
            "lb1", new NewHealthMonitor("p", "HTTP", 7, 6, 4) { UrlPath = "/healthz" }, Ct);

        Body.AssertRead(new HealthMonitor { Id = "h", Type = "HTTP", Delay = 7, Timeout = 6, MaxRetries = 4 }, monitor);
        Assert.True(await client.LoadBalancing.DeleteHealthMonitorAsync("lb1", "h", Ct));
        Assert.Equal(
            """{"healthmonitor":{"pool_id":"p","type":"HTTP","delay":7,"timeout":6,"max_retries":4,"url_path":"/healthz"}}""",
            cloud.Seen("POST", "/healthmonitors")[0].Body);
    }
}
