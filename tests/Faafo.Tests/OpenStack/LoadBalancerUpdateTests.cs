using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Octavia: changes of a balancer and its parts send only what changes, and wait for a balancer that is PENDING.</summary>
public sealed class LoadBalancerUpdateTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_balancer_is_updated_once_it_is_active()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", "/lb/v2/lbaas/loadbalancers/lb1", $$"""{"loadbalancer":{{OctaviaBodies.Balancer}}}""");
        await client.LoadBalancing.CreateMemberAsync("lb1", "p1", new NewMember("10.0.0.1", 80), Ct); // PENDING_UPDATE for two reads

        Body.AssertRead(OctaviaBodies.ExpectedBalancer, await client.LoadBalancing.UpdateLoadBalancerAsync(
            "lb1", new LoadBalancerUpdate { Name = "web", Description = "", AdminStateUp = false, Tags = [] }, Ct));

        Assert.Equal(
            """{"loadbalancer":{"name":"web","description":"","admin_state_up":false,"tags":[]}}""",
            Assert.Single(cloud.Seen("PUT", "/loadbalancers/lb1")).Body);
        Assert.Equal(4, cloud.Seen("GET", "/loadbalancers/lb1").Count);
    }

    [Fact]
    public async Task Listener_is_updated_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", "/lb/v2/lbaas/listeners/l", $$"""{"listener":{{OctaviaBodies.Listener}}}""");
        var all = new ListenerUpdate
        {
            Name = "https",
            Description = "of a test",
            DefaultPoolId = "p",
            ConnectionLimit = 200,
            DefaultTlsContainerRef = "http://192.0.2.1/v1/secrets/a",
            SniContainerRefs = ["http://192.0.2.1/v1/secrets/b"],
            TlsVersions = ["TLSv1.3"],
            TlsCiphers = "ECDHE-RSA-AES256-GCM-SHA384",
            AlpnProtocols = ["http/1.1"],
            AllowedCidrs = ["192.0.2.0/24"],
            InsertHeaders = new Dictionary<string, string> { ["X-Forwarded-For"] = "true" },
            ClientDataTimeout = TimeSpan.FromSeconds(50),
            MemberConnectTimeout = TimeSpan.FromSeconds(5),
            MemberDataTimeout = TimeSpan.FromMinutes(1),
            TcpInspectTimeout = TimeSpan.FromMilliseconds(10),
            AdminStateUp = true,
            Tags = ["blue"],
        };

        Body.AssertRead(OctaviaBodies.ExpectedListener, await client.LoadBalancing.UpdateListenerAsync("lb1", "l", all, Ct));
        await client.LoadBalancing.UpdateListenerAsync("lb1", "l", new ListenerUpdate { DefaultPoolId = "", AllowedCidrs = [] }, Ct);

        Assert.Equal(
            [
                """
                {"listener":{"name":"https","description":"of a test","default_pool_id":"p","connection_limit":200,
                "default_tls_container_ref":"http://192.0.2.1/v1/secrets/a","sni_container_refs":["http://192.0.2.1/v1/secrets/b"],
                "tls_versions":["TLSv1.3"],"tls_ciphers":"ECDHE-RSA-AES256-GCM-SHA384","alpn_protocols":["http/1.1"],
                "allowed_cidrs":["192.0.2.0/24"],"insert_headers":{"X-Forwarded-For":"true"},"timeout_client_data":50000,
                "timeout_member_connect":5000,"timeout_member_data":60000,"timeout_tcp_inspect":10,"admin_state_up":true,
                "tags":["blue"]}}
                """.ReplaceLineEndings(""),
                """{"listener":{"default_pool_id":null,"allowed_cidrs":[]}}""",
            ],
            cloud.Seen("PUT", "/listeners/l").Select(request => request.Body));
    }

    [Fact]
    public async Task Pool_is_updated_and_its_session_persistence_removed()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p", $$"""{"pool":{{OctaviaBodies.Pool}}}""");
        var all = new PoolUpdate
        {
            Name = "web",
            Description = "of a test",
            Algorithm = "LEAST_CONNECTIONS",
            SessionPersistence = new SessionPersistence("APP_COOKIE", "session"),
            TlsEnabled = true,
            TlsContainerRef = "http://192.0.2.1/v1/secrets/a",
            CaTlsContainerRef = "",
            AdminStateUp = true,
            Tags = ["blue"],
        };

        Body.AssertRead(OctaviaBodies.ExpectedPool, await client.LoadBalancing.UpdatePoolAsync("lb1", "p", all, Ct));
        await client.LoadBalancing.UpdatePoolAsync("lb1", "p", new PoolUpdate { SessionPersistence = SessionPersistence.None }, Ct);

        Assert.Equal(
            [
                """
                {"pool":{"name":"web","description":"of a test","lb_algorithm":"LEAST_CONNECTIONS",
                "session_persistence":{"type":"APP_COOKIE","cookie_name":"session"},"tls_enabled":true,
                "tls_container_ref":"http://192.0.2.1/v1/secrets/a","ca_tls_container_ref":null,"admin_state_up":true,
                "tags":["blue"]}}
                """.ReplaceLineEndings(""),
                """{"pool":{"session_persistence":null}}""",
            ],
            cloud.Seen("PUT", "/pools/p").Select(request => request.Body));
    }

    [Fact]
    public async Task Health_monitor_is_updated_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", "/lb/v2/lbaas/healthmonitors/h", $$"""{"healthmonitor":{{OctaviaBodies.Monitor}}}""");
        var all = new HealthMonitorUpdate
        {
            Name = "check",
            Delay = 7,
            Timeout = 6,
            MaxRetries = 4,
            MaxRetriesDown = 3,
            HttpMethod = "GET",
            UrlPath = "/healthz",
            ExpectedCodes = "200-204",
            HttpVersion = 1.1m,
            DomainName = "app.example.org",
            AdminStateUp = true,
            Tags = ["blue"],
        };

        Body.AssertRead(OctaviaBodies.ExpectedMonitor, await client.LoadBalancing.UpdateHealthMonitorAsync("lb1", "h", all, Ct));
        await client.LoadBalancing.UpdateHealthMonitorAsync("lb1", "h", new HealthMonitorUpdate { Delay = 10 }, Ct);

        Assert.Equal(
            [
                """
                {"healthmonitor":{"name":"check","delay":7,"timeout":6,"max_retries":4,"max_retries_down":3,"http_method":"GET",
                "url_path":"/healthz","expected_codes":"200-204","http_version":1.1,"domain_name":"app.example.org",
                "admin_state_up":true,"tags":["blue"]}}
                """.ReplaceLineEndings(""),
                """{"healthmonitor":{"delay":10}}""",
            ],
            cloud.Seen("PUT", "/healthmonitors/h").Select(request => request.Body));
    }

    [Fact]
    public async Task Member_is_updated_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p/members/m", $$"""{"member":{{OctaviaBodies.Member}}}""");
        var all = new MemberUpdate
        {
            Name = "web-1",
            Weight = 0,
            Backup = false,
            MonitorAddress = "10.0.0.8",
            MonitorPort = 8081,
            AdminStateUp = true,
            Tags = ["blue"],
        };

        Body.AssertRead(OctaviaBodies.ExpectedMember, await client.LoadBalancing.UpdateMemberAsync("lb1", "p", "m", all, Ct));
        await client.LoadBalancing.UpdateMemberAsync("lb1", "p", "m", new MemberUpdate { MonitorAddress = "" }, Ct);

        Assert.Equal(
            [
                """
                {"member":{"name":"web-1","weight":0,"backup":false,"monitor_address":"10.0.0.8","monitor_port":8081,
                "admin_state_up":true,"tags":["blue"]}}
                """.ReplaceLineEndings(""),
                """{"member":{"monitor_address":null}}""",
            ],
            cloud.Seen("PUT", "/members/m").Select(request => request.Body));
    }

    // For the balancer itself Octavia has other words (octavia/common/exceptions.py, LBPendingStateError).
    [Fact]
    public async Task Update_of_a_balancer_that_another_client_changes_is_retried()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", "/lb/v2/lbaas/loadbalancers/lb1", $$"""{"loadbalancer":{{OctaviaBodies.Balancer}}}""");
        cloud.Inject("PUT", "/loadbalancers/lb1", Fault.Status(409, """
            {"faultcode":"Client","faultstring":"Invalid state PENDING_UPDATE of loadbalancer resource lb1","debuginfo":null}
            """));

        await client.LoadBalancing.UpdateLoadBalancerAsync("lb1", new LoadBalancerUpdate { Name = "web" }, Ct);

        Assert.Equal(2, cloud.Seen("GET", "/loadbalancers/lb1").Count);
    }

    [Fact]
    public async Task Update_is_retried_while_the_balancer_is_immutable()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p", $$"""{"pool":{{OctaviaBodies.Pool}}}""");
        cloud.Inject("PUT", "/pools/p", Fault.Status(409, """
            {"faultcode":"Client","faultstring":"Load Balancer lb1 is immutable and cannot be updated.","debuginfo":null}
            """), 2);

        Assert.Equal("p", (await client.LoadBalancing.UpdatePoolAsync("lb1", "p", new PoolUpdate { Name = "web" }, Ct)).Id);

        Assert.Equal(3, cloud.Seen("GET", "/loadbalancers/lb1").Count);
    }

    [Fact]
    public async Task Balancer_in_error_is_not_changed()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/lb/v2/lbaas/loadbalancers/b", """{"loadbalancer":{"id":"b","name":"web","provisioning_status":"ERROR"}}""");

        await Assert.ThrowsAsync<ResourceFailedException>(
            () => client.LoadBalancing.UpdateListenerAsync("b", "l", new ListenerUpdate { Name = "x" }, Ct));

        Assert.Empty(cloud.Seen("PUT", "/listeners/l"));
    }
}
