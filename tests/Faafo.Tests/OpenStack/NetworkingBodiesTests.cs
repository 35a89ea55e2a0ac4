using Faafo.OpenStack.Networking;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Every property of Neutron's resources, from bodies in the format of the API reference, and every request.</summary>
public sealed class NetworkingBodiesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Network_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Network = """
            {"id":"n1","name":"public","description":"the way out","status":"ACTIVE","admin_state_up":true,"subnets":["s1","s2"],
            "router:external":true,"shared":true,"mtu":1442,
            "project_id":"p9","tenant_id":"p9","availability_zones":["nova"],"port_security_enabled":true,"revision_number":3,
            "created_at":"2030-05-01T10:00:00Z","tags":[]}
            """;
        cloud.Answer("GET", "/network/v2.0/networks/n1", $$"""{"network":{{Network}}}""");
        cloud.Answer("GET", "/network/v2.0/networks", $$"""{"networks":[{{Network}}]}""");
        cloud.Answer("POST", "/network/v2.0/networks", """{"network":{"id":"n2","name":"web"}}""", 201);
        cloud.Answer("DELETE", "/network/v2.0/networks/n2", "", 204);
        var expected = new Network
        {
            Id = "n1",
            Name = "public",
            Description = "the way out",
            Status = "ACTIVE",
            AdminStateUp = true,
            PortSecurityEnabled = true,
            Subnets = ["s1", "s2"],
            IsExternal = true,
            Shared = true,
            ProjectId = "p9",
            Mtu = 1442,
        };
        Body.AssertRead(expected, await client.Networking.GetNetworkAsync("n1", Ct));
        Body.AssertRead(expected, await client.Networking.ListNetworksAsync("public", true, cancellationToken: Ct).SingleAsync(Ct));
        Body.AssertRead(expected, await client.Networking.FindNetworkAsync("public", Ct));
        var made = await client.Networking.CreateNetworkAsync(new NewNetwork("web") { Description = "d" }, Ct);
        Assert.Equal(("n2", false, null), (made.Id, made.IsExternal, made.Mtu));
        Assert.True(await client.Networking.DeleteNetworkAsync("n2", Ct));
        Assert.False(await client.Networking.DeleteNetworkAsync("n3", Ct));

        Assert.Equal("""{"network":{"name":"web","description":"d"}}""", cloud.Seen("POST", "/networks")[0].Body);
        Assert.Equal("?name=public&router:external=true", cloud.Seen("GET", "/networks")[0].Query);
    }

    [Fact]
    public async Task Subnet_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Subnet = """
            {"id":"s1","name":"web","description":"of the web","network_id":"n1","cidr":"10.0.2.0/24","ip_version":4,
            "gateway_ip":"10.0.2.1","enable_dhcp":true,
            "dns_nameservers":["9.9.9.9","1.1.1.1"],"allocation_pools":[{"start":"10.0.2.2","end":"10.0.2.254"}],
            "host_routes":[{"destination":"10.9.0.0/16","nexthop":"10.0.2.9"}],
            "ipv6_ra_mode":null,"project_id":"p1","tags":[]}
            """;
        cloud.Answer("GET", "/network/v2.0/subnets", $$"""{"subnets":[{{Subnet}}]}""");
        cloud.Answer("POST", "/network/v2.0/subnets", $$"""{"subnet":{{Subnet}}}""", 201);
        cloud.Answer("DELETE", "/network/v2.0/subnets/s1", "", 204);
        var expected = new Subnet
        {
            Id = "s1",
            Name = "web",
            Description = "of the web",
            NetworkId = "n1",
            Cidr = "10.0.2.0/24",
            IpVersion = 4,
            GatewayIP = "10.0.2.1",
            EnableDhcp = true,
            DnsNameservers = ["9.9.9.9", "1.1.1.1"],
            AllocationPools = [new AllocationPool("10.0.2.2", "10.0.2.254")],
            HostRoutes = [new Route("10.9.0.0/16", "10.0.2.9")],
            ProjectId = "p1",
        };
        Body.AssertRead(expected, await client.Networking.ListSubnetsAsync("n1", "web", cancellationToken: Ct).SingleAsync(Ct));
        Body.AssertRead(expected, await client.Networking.CreateSubnetAsync(
            new NewSubnet("n1", "10.0.2.0/24")
            {
                Name = "web",
                Description = "of the web",
                GatewayIP = "10.0.2.1",
                DnsNameservers = ["9.9.9.9", "1.1.1.1"]
            }, Ct));
        Assert.True(await client.Networking.DeleteSubnetAsync("s1", Ct));

        Assert.Equal("?network_id=n1&name=web", cloud.Seen("GET", "/subnets")[0].Query);
        Assert.Equal(
            """{"subnet":{"network_id":"n1","cidr":"10.0.2.0/24","name":"web","description":"of the web","ip_version":4"""
            + ""","gateway_ip":"10.0.2.1","dns_nameservers":["9.9.9.9","1.1.1.1"]}}""",
            cloud.Seen("POST", "/subnets")[0].Body);
    }

    [Fact]
    public async Task Port_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Port = """
            {"id":"x","name":"plug","description":"of a test","network_id":"n1","status":"ACTIVE","admin_state_up":true,
            "device_id":"server1","device_owner":"compute:nova",
            "fixed_ips":[{"ip_address":"10.0.2.7","subnet_id":"s1"}],"security_groups":["g1","g2"],"mac_address":"fa:16:3e:00:00:01",
            "binding:vnic_type":"normal","project_id":"p1",
            "allowed_address_pairs":[{"ip_address":"10.0.2.250","mac_address":"fa:16:3e:00:00:01"}],"port_security_enabled":true,
            "revision_number":4}
            """;
        cloud.Answer("GET", "/network/v2.0/ports/x", $$"""{"port":{{Port}}}""");
        cloud.Answer("GET", "/network/v2.0/ports", $$"""{"ports":[{{Port}}]}""");
        cloud.Answer("POST", "/network/v2.0/ports", $$"""{"port":{{Port}}}""", 201);
        cloud.Answer("DELETE", "/network/v2.0/ports/x", "", 204);
        var expected = new Port
        {
            Id = "x",
            Name = "plug",
            Description = "of a test",
            NetworkId = "n1",
            Status = "ACTIVE",
            DeviceId = "server1",
            DeviceOwner = "compute:nova",
            FixedIPs = [new FixedIP { IpAddress = "10.0.2.7", SubnetId = "s1" }],
            SecurityGroups = ["g1", "g2"],
            AdminStateUp = true,
            AllowedAddressPairs = [new AllowedAddressPair("10.0.2.250") { MacAddress = "fa:16:3e:00:00:01" }],
            PortSecurityEnabled = true,
            MacAddress = "fa:16:3e:00:00:01",
            ProjectId = "p1",
        };
        Body.AssertRead(expected, await client.Networking.GetPortAsync("x", Ct));
        Body.AssertRead(expected, await client.Networking.ListPortsAsync("server1", "n1", "compute:nova", cancellationToken: Ct)
            .SingleAsync(Ct));
        Body.AssertRead(expected, await client.Networking.CreatePortAsync(
            new NewPort("n1")
            {
                Name = "plug",
                Description = "of a test",
                SecurityGroups = ["g1", "g2"],
                FixedIPs = [new FixedIP { IpAddress = "10.0.2.7", SubnetId = "s1" }],
                AllowedAddressPairs = [new AllowedAddressPair("10.0.2.250")],
                PortSecurityEnabled = true,
            }, Ct));
        await client.Networking.CreatePortAsync(new NewPort("n1"), Ct);
        Assert.True(await client.Networking.DeletePortAsync("x", Ct));

        Assert.Equal("?device_id=server1&network_id=n1&device_owner=compute%3Anova", cloud.Seen("GET", "/ports")[0].Query);
        Assert.Equal(
            """{"port":{"network_id":"n1","name":"plug","description":"of a test","security_groups":["g1","g2"]"""
            + ""","fixed_ips":[{"ip_address":"10.0.2.7","subnet_id":"s1"}],"allowed_address_pairs":[{"ip_address":"10.0.2.250"}]"""
            + ""","port_security_enabled":true}}""",
            cloud.Seen("POST", "/ports")[0].Body);
        Assert.Equal("""{"port":{"network_id":"n1"}}""", cloud.Seen("POST", "/ports")[1].Body);
    }

    [Fact]
    public async Task Router_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Router = """
            {"id":"r","name":"out","description":"of a test","status":"ACTIVE","admin_state_up":true,
            "external_gateway_info":{"network_id":"ext","enable_snat":true,
            "external_fixed_ips":[{"ip_address":"172.24.0.2","subnet_id":"se"}]},
            "routes":[{"destination":"10.9.0.0/16","nexthop":"10.0.2.9"}],"ha":false,"distributed":false,
            "project_id":"p1"}
            """;
        cloud.Answer("GET", "/network/v2.0/routers", $$"""
            {"routers":[{{Router}},{"id":"r2","name":"in","status":"ACTIVE","external_gateway_info":null}]}
            """);
        cloud.Answer("POST", "/network/v2.0/routers", $$"""{"router":{{Router}}}""", 201);
        cloud.Answer("PUT", "/network/v2.0/routers/r/remove_router_interface", """{"id":"r","subnet_id":"s","port_id":"x"}""");
        cloud.Answer("DELETE", "/network/v2.0/routers/r", "", 204);
        var expected = new Router
        {
            Id = "r",
            Name = "out",
            Description = "of a test",
            Status = "ACTIVE",
            AdminStateUp = true,
            Routes = [new Route("10.9.0.0/16", "10.0.2.9")],
            ProjectId = "p1",
            ExternalGatewayInfo = new GatewayInfo("ext"),
        };
        var listed = await client.Networking.ListRoutersAsync(cancellationToken: Ct).ToListAsync(Ct);
        Body.AssertRead(expected, listed[0]);
        Assert.Null(listed[1].ExternalGatewayInfo);
        Body.AssertRead(expected, await client.Networking.CreateRouterAsync(
            new NewRouter("out") { Description = "of a test", ExternalGatewayInfo = new GatewayInfo("ext") }, Ct));
        await client.Networking.RemoveRouterInterfaceAsync("r", "s", Ct);
        Assert.True(await client.Networking.DeleteRouterAsync("r", Ct));

        Assert.Equal("""{"router":{"name":"out","external_gateway_info":{"network_id":"ext"},"description":"of a test"}}""",
            cloud.Seen("POST", "/routers")[0].Body);
        Assert.Equal("""{"subnet_id":"s"}""", cloud.Seen("PUT", "/remove_router_interface")[0].Body);
    }

    [Fact]
    public async Task Floating_ip_is_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Address = """
            {"id":"f","floating_ip_address":"172.24.4.228","floating_network_id":"ext","port_id":"x","fixed_ip_address":"10.0.2.7",
            "status":"ACTIVE","description":"of a test",
            "revision_number":7,"router_id":"r","project_id":"p1","tenant_id":"p1","dns_name":"","dns_domain":"","port_details":null,
            "tags":[]}
            """;
        cloud.Answer("GET", "/network/v2.0/floatingips/f", $$"""{"floatingip":{{Address}}}""");
        cloud.Answer("GET", "/network/v2.0/floatingips", $$"""
            {"floatingips":[{{Address}},{"id":"g","floating_ip_address":"172.24.4.229","port_id":null,"fixed_ip_address":null,
            "status":"DOWN"}]}
            """);
        cloud.Answer("POST", "/network/v2.0/floatingips", $$"""{"floatingip":{{Address}}}""", 201);
        cloud.Answer("PUT", "/network/v2.0/floatingips/f", $$"""{"floatingip":{{Address}}}""");
        var expected = new FloatingIP
        {
            Id = "f",
            Address = "172.24.4.228",
            FloatingNetworkId = "ext",
            PortId = "x",
            FixedIpAddress = "10.0.2.7",
            Status = "ACTIVE",
            Description = "of a test",
            RevisionNumber = 7,
            ProjectId = "p1",
        };
        Body.AssertRead(expected, await client.Networking.GetFloatingIPAsync("f", Ct));
        var listed = await client.Networking.ListFloatingIPsAsync("x", cancellationToken: Ct).ToListAsync(Ct);
        Body.AssertRead(expected, listed[0]);
        Assert.Equal((null, null, null), (listed[1].PortId, listed[1].FixedIpAddress, listed[1].RevisionNumber));
        Body.AssertRead(expected, await client.Networking.AllocateFloatingIPAsync("ext", "x", "of a test", Ct));
        await client.Networking.DetachFloatingIPAsync("f", Ct);

        Assert.Equal("?port_id=x&project_id=p1", cloud.Seen("GET", "/floatingips")[0].Query);
        Assert.Equal("""{"floatingip":{"floating_network_id":"ext","port_id":"x","description":"of a test"}}""",
            cloud.Seen("POST", "/floatingips")[0].Body);
        Assert.Equal("""{"floatingip":{"port_id":null}}""", cloud.Seen("PUT", "/floatingips/f")[0].Body);
    }

    [Fact]
    public async Task Security_group_and_its_rules_are_sent_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Rule = """
            {"id":"r1","security_group_id":"g","direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":80,
            "port_range_max":88,"remote_ip_prefix":"10.0.0.0/8",
            "remote_group_id":null,"remote_address_group_id":null,"description":"","project_id":"p1","revision_number":0}
            """;
        const string OtherRule = """
            {"id":"r2","security_group_id":"g","direction":"egress","ethertype":"IPv6","protocol":null,"port_range_min":null,
            "port_range_max":null,"remote_ip_prefix":null,"remote_group_id":"g2"}
            """;
        const string Group = $$"""
            {"id":"g","name":"web","description":"of a test","created_at":"2030-05-01T10:00:00Z","updated_at":"2030-05-01T10:00:00Z",
            "stateful":true,"project_id":"p1","tags":[],
            "security_group_rules":[{{Rule}},{{OtherRule}}]}
            """;
        cloud.Answer("GET", "/network/v2.0/security-groups/g", $$"""{"security_group":{{Group}}}""");
        cloud.Answer("GET", "/network/v2.0/security-groups", $$"""{"security_groups":[{{Group}}]}""");
        cloud.Answer("POST", "/network/v2.0/security-groups", $$"""{"security_group":{{Group}}}""", 201);
        cloud.Answer("POST", "/network/v2.0/security-group-rules", $$"""{"security_group_rule":{{Rule}}}""", 201);
        cloud.Answer("DELETE", "/network/v2.0/security-group-rules/r1", "", 204);
        var rule = new SecurityGroupRule
        {
            Id = "r1",
            SecurityGroupId = "g",
            Direction = "ingress",
            EtherType = "IPv4",
            Protocol = "tcp",
            PortRangeMin = 80,
            PortRangeMax = 88,
            RemoteIpPrefix = "10.0.0.0/8",
        };
        var other = new SecurityGroupRule
        {
            Id = "r2",
            SecurityGroupId = "g",
            Direction = "egress",
            EtherType = "IPv6",
            RemoteGroupId = "g2"
        };
        var expected = new SecurityGroup
        {
            Id = "g",
            Name = "web",
            Description = "of a test",
            CreatedAt = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
            ProjectId = "p1",
            Rules = [rule, other],
        };
        var group = await client.Networking.GetSecurityGroupAsync("g", Ct);
        Body.AssertRead(expected, group);
        Body.AssertRead(rule, group.Rules[0], nameof(rule.RemoteGroupId));
        Assert.Equal(other, group.Rules[1]);
        Body.AssertRead(expected, await client.Networking.ListSecurityGroupsAsync("web", cancellationToken: Ct).SingleAsync(Ct));
        Body.AssertRead(expected, await client.Networking.CreateSecurityGroupAsync("web", "of a test", Ct));
        Assert.True(await client.Networking.AddSecurityGroupRuleAsync("g", Ingress.Tcp(80, 88).From("10.0.0.0/8"), Ct));
        Assert.True(await client.Networking.AddSecurityGroupRuleAsync("g", Ingress.Udp(53).From(group), Ct));
        Assert.True(await client.Networking.DeleteSecurityGroupRuleAsync("r1", Ct));

        Assert.Equal("?name=web&project_id=p1", cloud.Seen("GET", "/security-groups")[0].Query);
        Assert.Equal("""{"security_group":{"name":"web","description":"of a test"}}""", cloud.Seen("POST", "/security-groups")[0].Body);
        const string Head = """{"security_group_rule":{"security_group_id":"g","direction":"ingress","ethertype":"IPv4",""";
        Assert.Equal(
            [
                $$$"""{{{Head}}}"protocol":"tcp","port_range_min":80,"port_range_max":88,"remote_ip_prefix":"10.0.0.0/8"}}""",
                $$$"""{{{Head}}}"protocol":"udp","port_range_min":53,"port_range_max":53,"remote_group_id":"g"}}""",
            ],
            cloud.Seen("POST", "/security-group-rules").Select(request => request.Body));
    }
}
