using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Octavia: reading and finding parts, TLS termination, several members at once, statistics, statuses.</summary>
public sealed class LoadBalancerPartsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_are_read_by_id_found_by_name_and_listed()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var octavia = client.LoadBalancing;
        cloud.Answer("GET", "/lb/v2/lbaas/listeners/l", $$"""{"listener":{{OctaviaBodies.Listener}}}""");
        cloud.Answer("GET", "/lb/v2/lbaas/listeners", $$"""{"listeners":[{{OctaviaBodies.Listener}}],"listeners_links":[]}""");
        cloud.Answer("GET", "/lb/v2/lbaas/pools/p", $$"""{"pool":{{OctaviaBodies.Pool}}}""");
        cloud.Answer("GET", "/lb/v2/lbaas/pools", $$"""{"pools":[{{OctaviaBodies.Pool}}],"pools_links":[]}""");
        cloud.Answer("GET", "/lb/v2/lbaas/pools/p/members/m", $$"""{"member":{{OctaviaBodies.Member}}}""");
        cloud.Answer("GET", "/lb/v2/lbaas/healthmonitors/h", $$"""{"healthmonitor":{{OctaviaBodies.Monitor}}}""");
        cloud.Answer("GET", "/lb/v2/lbaas/healthmonitors", $$"""{"healthmonitors":[{{OctaviaBodies.Monitor}}]}""");

        Body.AssertRead(OctaviaBodies.ExpectedListener, await octavia.GetListenerAsync("l", Ct));
        Body.AssertRead(OctaviaBodies.ExpectedListener, await octavia.FindListenerAsync("https", Ct));
        Body.AssertRead(OctaviaBodies.ExpectedPool, await octavia.GetPoolAsync("p", Ct));
        Body.AssertRead(OctaviaBodies.ExpectedPool, await octavia.FindPoolAsync("web", Ct));
        Body.AssertRead(OctaviaBodies.ExpectedMember, await octavia.GetMemberAsync("p", "m", Ct));
        Body.AssertRead(OctaviaBodies.ExpectedMonitor, await octavia.GetHealthMonitorAsync("h", Ct));
        Body.AssertRead(OctaviaBodies.ExpectedMonitor, await octavia.ListHealthMonitorsAsync("p", Ct).SingleAsync(Ct));
        await Assert.ThrowsAsync<NotFoundException>(() => octavia.GetListenerAsync("none", Ct));

        Assert.Equal("?name=https", Assert.Single(cloud.Seen("GET", "/lbaas/listeners")).Query);
        Assert.Equal("?name=web", Assert.Single(cloud.Seen("GET", "/lbaas/pools")).Query);
        Assert.Equal("?pool_id=p", Assert.Single(cloud.Seen("GET", "/lbaas/healthmonitors")).Query);
    }

    [Fact]
    public async Task Tls_listener_with_all_options_is_created_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/lb/v2/lbaas/listeners", $$"""{"listener":{{OctaviaBodies.Listener}}}""", 201);

        await client.LoadBalancing.CreateListenerAsync(
            new NewListener("lb1", "TERMINATED_HTTPS", 443)
            {
                Description = "of a test",
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
                MemberDataTimeout = TimeSpan.FromMilliseconds(1.5),
                TcpInspectTimeout = TimeSpan.Zero,
                Tags = ["blue"],
            },
            Ct);

        Assert.Equal(
            """
            {"listener":{"loadbalancer_id":"lb1","protocol":"TERMINATED_HTTPS","protocol_port":443,"description":"of a test",
            "connection_limit":200,"default_tls_container_ref":"http://192.0.2.1/v1/secrets/a",
            "sni_container_refs":["http://192.0.2.1/v1/secrets/b"],"tls_versions":["TLSv1.3"],
            "tls_ciphers":"ECDHE-RSA-AES256-GCM-SHA384","alpn_protocols":["http/1.1"],"allowed_cidrs":["192.0.2.0/24"],
            "insert_headers":{"X-Forwarded-For":"true"},"timeout_client_data":50000,"timeout_member_connect":5000,
            "timeout_member_data":2,"timeout_tcp_inspect":0,"tags":["blue"]}}
            """.ReplaceLineEndings(""),
            Assert.Single(cloud.Seen("POST", "/listeners")).Body);
    }

    [Fact]
    public async Task Other_parts_with_all_options_are_created_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var octavia = client.LoadBalancing;
        cloud.Answer("POST", "/lb/v2/lbaas/loadbalancers", $$"""{"loadbalancer":{{OctaviaBodies.Balancer}}}""", 201);
        cloud.Answer("POST", "/lb/v2/lbaas/pools", $$"""{"pool":{{OctaviaBodies.Pool}}}""", 201);
        cloud.Answer("POST", "/lb/v2/lbaas/pools/p/members", $$"""{"member":{{OctaviaBodies.Member}}}""", 201);
        cloud.Answer("POST", "/lb/v2/lbaas/healthmonitors", $$"""{"healthmonitor":{{OctaviaBodies.Monitor}}}""", 201);

        await octavia.CreateLoadBalancerAsync(
            new NewLoadBalancer("web", "s")
            {
                VipAddress = "10.0.0.5",
                Provider = "ovn",
                FlavorId = "f",
                AvailabilityZone = "az1",
                Tags = ["blue"],
            },
            Ct);
        await octavia.CreatePoolAsync(
            "lb1",
            new NewPool("UDP", "SOURCE_IP")
            {
                Description = "of a test",
                SessionPersistence = new SessionPersistence("SOURCE_IP")
                {
                    Timeout = TimeSpan.FromMinutes(1),
                    Granularity = "255.255.255.0",
                },
                TlsEnabled = true,
                TlsContainerRef = "http://192.0.2.1/v1/secrets/a",
                CaTlsContainerRef = "http://192.0.2.1/v1/secrets/b",
                Tags = ["blue"],
            },
            Ct);
        await octavia.CreateMemberAsync(
            "lb1",
            "p",
            new NewMember("10.0.0.7", 80) { Backup = true, MonitorAddress = "10.0.0.8", MonitorPort = 8081, Tags = ["blue"] },
            Ct);
        await octavia.CreateHealthMonitorAsync(
            "lb1",
            new NewHealthMonitor("p", "HTTP")
            {
                Name = "check",
                MaxRetriesDown = 4,
                HttpMethod = "HEAD",
                UrlPath = "/healthz",
                ExpectedCodes = "200-204",
                HttpVersion = 1.1m,
                DomainName = "app.example.org",
                Tags = ["blue"],
            },
            Ct);

        Assert.Equal(
            """
            {"loadbalancer":{"name":"web","vip_subnet_id":"s","vip_address":"10.0.0.5","provider":"ovn","flavor_id":"f",
            "availability_zone":"az1","tags":["blue"]}}
            """.ReplaceLineEndings(""),
            Assert.Single(cloud.Seen("POST", "/loadbalancers")).Body);
        Assert.Equal(
            """
            {"pool":{"protocol":"UDP","lb_algorithm":"SOURCE_IP","description":"of a test",
            "session_persistence":{"type":"SOURCE_IP","persistence_timeout":60,"persistence_granularity":"255.255.255.0"},
            "tls_enabled":true,"tls_container_ref":"http://192.0.2.1/v1/secrets/a",
            "ca_tls_container_ref":"http://192.0.2.1/v1/secrets/b","tags":["blue"],"loadbalancer_id":"lb1"}}
            """.ReplaceLineEndings(""),
            Assert.Single(cloud.Seen("POST", "/pools")).Body);
        Assert.Equal(
            """
            {"member":{"address":"10.0.0.7","protocol_port":80,"weight":1,"backup":true,"monitor_address":"10.0.0.8",
            "monitor_port":8081,"tags":["blue"]}}
            """.ReplaceLineEndings(""),
            Assert.Single(cloud.Seen("POST", "/members")).Body);
        Assert.Equal(
            """
            {"healthmonitor":{"pool_id":"p","type":"HTTP","delay":5,"timeout":3,"max_retries":2,"name":"check","max_retries_down":4,
            "http_method":"HEAD","url_path":"/healthz","expected_codes":"200-204","http_version":1.1,
            "domain_name":"app.example.org","tags":["blue"]}}
            """.ReplaceLineEndings(""),
            Assert.Single(cloud.Seen("POST", "/healthmonitors")).Body);
    }

    [Fact]
    public async Task Members_are_set_with_one_change_after_the_balancer_is_active()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var octavia = client.LoadBalancing;
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p/members", "", 202);
        await octavia.CreateMemberAsync("lb1", "p1", new NewMember("10.0.0.1", 80), Ct); // The balancer is PENDING_UPDATE now.

        await octavia.SetMembersAsync("lb1", "p", [new NewMember("10.0.0.7", 80) { Name = "web-1" }, new NewMember("10.0.0.8", 80)],
            cancellationToken: Ct);
        await octavia.SetMembersAsync("lb1", "p", [new NewMember("10.0.0.9", 80) { Weight = 0 }], keepOthers: true, Ct);
        await octavia.SetMembersAsync("lb1", "p", [], cancellationToken: Ct);

        var seen = cloud.Seen("PUT", "/pools/p/members");
        Assert.Equal(["", "?additive_only=true", ""], seen.Select(request => request.Query));
        Assert.Equal(
            [
                """
                {"members":[{"address":"10.0.0.7","protocol_port":80,"name":"web-1","weight":1},
                {"address":"10.0.0.8","protocol_port":80,"weight":1}]}
                """.ReplaceLineEndings(""),
                """{"members":[{"address":"10.0.0.9","protocol_port":80,"weight":0}]}""",
                """{"members":[]}""",
            ],
            seen.Select(request => request.Body));
        Assert.Equal(6, cloud.Seen("GET", "/loadbalancers/lb1").Count); // 1, then 3 until it was ACTIVE, then 1 for each
    }

    [Fact]
    public async Task Statistics_and_statuses_are_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/lb/v2/lbaas/loadbalancers/b/stats", """
            {"stats":{"bytes_in":131342840000,"total_connections":52378345,"active_connections":97258,"bytes_out":1549542372,
            "request_errors":7}}
            """);
        cloud.Answer("GET", "/lb/v2/lbaas/listeners/l/stats", """
            {"stats":{"bytes_in":1,"total_connections":2,"active_connections":3,"bytes_out":4,"request_errors":5}}
            """);

        Body.AssertRead(
            new TrafficStatistics
            {
                BytesIn = 131342840000,
                BytesOut = 1549542372,
                ActiveConnections = 97258,
                TotalConnections = 52378345,
                RequestErrors = 7,
            },
            await client.LoadBalancing.GetLoadBalancerStatisticsAsync("b", Ct));
        Assert.Equal(3, (await client.LoadBalancing.GetListenerStatisticsAsync("l", Ct)).ActiveConnections);
    }

    [Theory]
    [InlineData("health_monitor")] // as Octavia sends it
    [InlineData("healthmonitor")] // as its API reference documents it
    public async Task Status_tree_is_read_with_all_levels(string monitor)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/lb/v2/lbaas/loadbalancers/b/status", $$$"""
            {"statuses":{"loadbalancer":{"id":"b","name":"web","provisioning_status":"ACTIVE","operating_status":"DEGRADED",
            "listeners":[{"id":"l","name":"http","provisioning_status":"ACTIVE","operating_status":"DEGRADED",
            "pools":[{"id":"p","name":"pool","provisioning_status":"ACTIVE","operating_status":"DEGRADED",
            "{{{monitor}}}":{"id":"h","name":"check","type":"HTTP","provisioning_status":"ACTIVE","operating_status":"ONLINE"},
            "members":[{"id":"m","name":"web-1","address":"192.0.2.20","protocol_port":80,"provisioning_status":"ACTIVE",
            "operating_status":"ERROR"}]},
            {"id":"q","name":"","provisioning_status":"ACTIVE","operating_status":"ONLINE","{{{monitor}}}":{},"members":[]}],
            "l7policies":[]}]} } }
            """);

        var tree = await client.LoadBalancing.GetLoadBalancerStatusAsync("b", Ct);

        Assert.Equal(("b", "web", "ACTIVE", "DEGRADED"), (tree.Id, tree.Name, tree.ProvisioningStatus, tree.OperatingStatus));
        var listener = Assert.Single(tree.Listeners);
        Assert.Equal(("l", "http", "ACTIVE", "DEGRADED"),
            (listener.Id, listener.Name, listener.ProvisioningStatus, listener.OperatingStatus));
        Assert.Equal(["p", "q"], listener.Pools.Select(pool => pool.Id));
        var pool = listener.Pools[0];
        Assert.Equal(("pool", "ACTIVE", "DEGRADED"), (pool.Name, pool.ProvisioningStatus, pool.OperatingStatus));
        Body.AssertRead(
            new HealthMonitorStatusNode
            {
                Id = "h",
                Name = "check",
                Type = "HTTP",
                ProvisioningStatus = "ACTIVE",
                OperatingStatus = "ONLINE",
            },
            pool.HealthMonitor!);
        Body.AssertRead(
            new MemberStatusNode
            {
                Id = "m",
                Name = "web-1",
                Address = "192.0.2.20",
                ProtocolPort = 80,
                ProvisioningStatus = "ACTIVE",
                OperatingStatus = "ERROR",
            },
            Assert.Single(pool.Members));
        Assert.Null(listener.Pools[1].HealthMonitor);
    }
}
