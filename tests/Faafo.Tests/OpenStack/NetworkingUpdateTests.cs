using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Changes and look-ups of Neutron's resources: every request in the format of the API reference.</summary>
public sealed class NetworkingUpdateTests
{
    private const string Root = "/network/v2.0/";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Network_is_updated_with_what_is_given()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", Root + "networks/n", """{"network":{"id":"n","name":"web","mtu":1300,"admin_state_up":false}}""");
        var all = new NetworkUpdate
        {
            Name = "web",
            Description = "",
            AdminStateUp = false,
            PortSecurityEnabled = false,
            Mtu = 1300,
            Shared = true,
        };

        var network = await client.Networking.UpdateNetworkAsync("n", all, Ct);
        await client.Networking.UpdateNetworkAsync("n", new NetworkUpdate { Name = "web" }, Ct);

        Assert.Equal(("web", 1300, false), (network.Name, network.Mtu, network.AdminStateUp));
        Assert.Equal(
            [
                """{"network":{"name":"web","description":"","admin_state_up":false,"port_security_enabled":false,"mtu":1300"""
                    + ""","shared":true}}""",
                """{"network":{"name":"web"}}""",
            ],
            Bodies(cloud, "networks/n"));
    }

    [Fact]
    public async Task Subnet_is_read_found_and_updated()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Subnet = """
            {"id":"s","name":"web","network_id":"n","cidr":"10.0.2.0/24","ip_version":4,"gateway_ip":null,"enable_dhcp":false,
            "allocation_pools":[{"start":"10.0.2.2","end":"10.0.2.99"}],"host_routes":[],"dns_nameservers":[]}
            """;
        cloud.Answer("GET", Root + "subnets/s", $$"""{"subnet":{{Subnet}}}""");
        cloud.Answer("GET", Root + "subnets", $$"""{"subnets":[{{Subnet}}]}""");
        cloud.Answer("PUT", Root + "subnets/s", $$"""{"subnet":{{Subnet}}}""");
        var all = new SubnetUpdate
        {
            Name = "web",
            Description = "d",
            GatewayIP = "10.0.2.1",
            EnableDhcp = false,
            DnsNameservers = [],
            AllocationPools = [new AllocationPool("10.0.2.2", "10.0.2.99")],
            HostRoutes = [new Route("10.9.0.0/16", "10.0.2.9")],
        };

        Assert.Equal("10.0.2.99", (await client.Networking.GetSubnetAsync("s", Ct)).AllocationPools[0].End);
        Assert.Equal("s", (await client.Networking.FindSubnetAsync("web", Ct)).Id);
        Assert.Equal("web", (await client.Networking.FindSubnetAsync("s", Ct)).Name);
        Assert.Equal("web", (await client.Networking.UpdateSubnetAsync("s", all, Ct)).Name);
        Assert.Null((await client.Networking.ClearSubnetGatewayAsync("s", Ct)).GatewayIP);

        Assert.Equal("?name=web", cloud.Seen("GET", "/subnets")[0].Query);
        Assert.Equal(
            [
                """{"subnet":{"name":"web","description":"d","gateway_ip":"10.0.2.1","enable_dhcp":false,"dns_nameservers":[],"""
                    + "\"allocation_pools\":[{\"start\":\"10.0.2.2\",\"end\":\"10.0.2.99\"}],"
                    + "\"host_routes\":[{\"destination\":\"10.9.0.0/16\",\"nexthop\":\"10.0.2.9\"}]}}",
                """{"subnet":{"gateway_ip":null}}""",
            ],
            Bodies(cloud, "subnets/s"));
    }

    [Fact]
    public async Task Router_is_read_found_and_updated()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Router = """
            {"id":"r","name":"out","status":"ACTIVE","admin_state_up":true,"external_gateway_info":null,
            "routes":[{"destination":"179.24.1.0/24","nexthop":"172.24.3.99"}]}
            """;
        cloud.Answer("GET", Root + "routers/r", $$"""{"router":{{Router}}}""");
        cloud.Answer("GET", Root + "routers", $$"""{"routers":[{{Router}}]}""");
        cloud.Answer("PUT", Root + "routers/r", $$"""{"router":{{Router}}}""");
        var all = new RouterUpdate
        {
            Name = "out",
            Description = "d",
            AdminStateUp = true,
            ExternalGatewayInfo = new GatewayInfo("ext"),
            Routes = [new Route("179.24.1.0/24", "172.24.3.99")],
        };

        Assert.Equal("172.24.3.99", (await client.Networking.GetRouterAsync("r", Ct)).Routes[0].NextHop);
        Assert.Equal("r", (await client.Networking.FindRouterAsync("out", Ct)).Id);
        Assert.Equal("out", (await client.Networking.UpdateRouterAsync("r", all, Ct)).Name);
        Assert.Null((await client.Networking.ClearRouterGatewayAsync("r", Ct)).ExternalGatewayInfo);
        await Assert.ThrowsAsync<NotFoundException>(() => client.Networking.GetRouterAsync("q", Ct));

        Assert.Equal("?name=out", cloud.Seen("GET", "/routers")[0].Query);
        Assert.Equal(
            [
                """{"router":{"name":"out","description":"d","admin_state_up":true,"external_gateway_info":{"network_id":"ext"},"""
                    + "\"routes\":[{\"destination\":\"179.24.1.0/24\",\"nexthop\":\"172.24.3.99\"}]}}",
                """{"router":{"external_gateway_info":null}}""",
            ],
            Bodies(cloud, "routers/r"));
    }

    [Fact]
    public async Task Port_is_found_and_updated()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Port = """
            {"id":"x","name":"vip","network_id":"n","port_security_enabled":true,
            "allowed_address_pairs":[{"ip_address":"10.0.2.250","mac_address":"fa:16:3e:00:00:01"}]}
            """;
        cloud.Answer("GET", Root + "ports", $$"""{"ports":[{{Port}}]}""");
        cloud.Answer("PUT", Root + "ports/x", $$"""{"port":{{Port}}}""");
        var all = new PortUpdate
        {
            Name = "vip",
            Description = "d",
            AdminStateUp = true,
            SecurityGroups = ["g1"],
            FixedIPs = [new FixedIP { IpAddress = "10.0.2.7" }],
            AllowedAddressPairs = [new AllowedAddressPair("10.0.2.250"), new("10.0.3.0/24") { MacAddress = "fa:16:3e:00:00:02" }],
            PortSecurityEnabled = true,
        };

        Assert.Equal("x", (await client.Networking.FindPortAsync("vip", Ct)).Id);
        var port = await client.Networking.UpdatePortAsync("x", all, Ct);
        await client.Networking.UpdatePortAsync(
            "x", new PortUpdate { SecurityGroups = [], AllowedAddressPairs = [], PortSecurityEnabled = false }, Ct);

        Assert.Equal([new AllowedAddressPair("10.0.2.250") { MacAddress = "fa:16:3e:00:00:01" }], port.AllowedAddressPairs);
        Assert.Equal("?name=vip", cloud.Seen("GET", "/ports")[0].Query);
        Assert.Equal(
            [
                """{"port":{"name":"vip","description":"d","admin_state_up":true,"security_groups":["g1"],"""
                    + "\"fixed_ips\":[{\"ip_address\":\"10.0.2.7\"}],\"allowed_address_pairs\":[{\"ip_address\":\"10.0.2.250\"},"
                    + "{\"ip_address\":\"10.0.3.0/24\",\"mac_address\":\"fa:16:3e:00:00:02\"}],\"port_security_enabled\":true}}",
                """{"port":{"security_groups":[],"allowed_address_pairs":[],"port_security_enabled":false}}""",
            ],
            Bodies(cloud, "ports/x"));
    }

    [Fact]
    public async Task Ports_with_one_name_are_ambiguous()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Root + "ports", """
            {"ports":[{"id":"x","name":"vip","network_id":"n"},{"id":"y","name":"vip","network_id":"n","admin_state_up":null},
            {"id":"z","name":"vip2","network_id":"n"}]}
            """);

        var error = await Assert.ThrowsAsync<AmbiguousNameException>(() => client.Networking.FindPortAsync("vip", Ct));

        Assert.Equal(["x", "y"], error.Ids);
        await Assert.ThrowsAsync<NameNotFoundException>(() => client.Networking.FindPortAsync("v", Ct));
    }

    private static IEnumerable<string?> Bodies(FakeOpenStack cloud, string path) =>
        cloud.Seen("PUT", Root + path).Select(request => request.Body);
}
