using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class NetworkingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_callers_get_one_address_each_and_none_is_leaked()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        for (var i = 0; i < 10; i++)
        {
            cloud.Network.AddFloatingIP();
        }
        var attached = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => client.Networking.AttachFloatingIPAsync($"server{i}", cancellationToken: Ct)));

        Assert.Equal(32, attached.Select(address => address.Address).Distinct().Count());
        Assert.Equal(32, cloud.Network.FloatingIPs.Count);
        Assert.Equal(32, cloud.Network.FloatingIPs.Select(one => (string?)one["port_id"]).Distinct().Count());
    }

    [Fact]
    public async Task Cloud_without_revisions_gets_new_addresses_instead_of_unused_ones()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Network.WithoutRevisions = true;
        cloud.Network.AddFloatingIP();

        Assert.Equal("172.24.0.2", (await client.Networking.AttachFloatingIPAsync("s", cancellationToken: Ct)).Address);
    }

    [Fact]
    public async Task Address_is_found_after_a_lost_response()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/floatingips", Fault.LostReply);

        Assert.Equal("port-of-s", (await client.Networking.AttachFloatingIPAsync("s", cancellationToken: Ct)).PortId);
        Assert.Single(cloud.Network.FloatingIPs);
    }

    [Fact]
    public async Task Taken_address_is_recognized_after_a_lost_response()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Network.AddFloatingIP();
        cloud.Inject("PUT", "/floatingips/fip-1", Fault.LostReply);

        Assert.Equal("fip-1", (await client.Networking.AttachFloatingIPAsync("s", cancellationToken: Ct)).Id);
        Assert.Single(cloud.Network.FloatingIPs);
    }

    [Fact]
    public async Task Allocation_waits_for_the_router_interface()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/floatingips", Fault.Status(404, """
            {"NeutronError":{"type":"ExternalGatewayForFloatingIPNotFound","message":"External network x is not reachable","detail":""}}
            """), times: 3);

        Assert.Equal("port-of-s", (await client.Networking.AttachFloatingIPAsync("s", cancellationToken: Ct)).PortId);
    }

    [Fact]
    public async Task Deletion_of_a_group_is_retried_while_a_port_uses_it_but_not_for_ever()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var group = await client.Networking.CreateSecurityGroupAsync("g", "", Ct);

        cloud.Network.LaggingPorts = int.MaxValue;
        var error = await Assert.ThrowsAsync<ConflictException>(
            () => client.Networking.DeleteSecurityGroupAsync(group.Id, cancellationToken: Ct));
        Assert.Equal("SecurityGroupInUse", error.ErrorType);

        cloud.Network.LaggingPorts = 4;
        Assert.True(await client.Networking.DeleteSecurityGroupAsync(group.Id, cancellationToken: Ct));
        Assert.False(await client.Networking.DeleteSecurityGroupAsync(group.Id, cancellationToken: Ct));
    }

    [Fact]
    public async Task Concurrent_callers_get_one_group_with_all_rules()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        var groups = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ =>
                client.Networking.GetOrCreateSecurityGroupAsync("worker", [Ingress.Tcp(22), Ingress.Tcp(80)], Ct)));

        Assert.Single(groups.Select(group => group.Id).Distinct());
        Assert.Single(cloud.Network.Groups);
        Assert.Equal([22, 80], groups[0].Rules.Select(rule => rule.PortRangeMin!.Value).Order());
    }

    [Fact]
    public async Task Existing_group_gets_only_the_missing_rules()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await client.Networking.GetOrCreateSecurityGroupAsync("worker", [Ingress.Tcp(22)], Ct);

        var group = await client.Networking.GetOrCreateSecurityGroupAsync("worker", [Ingress.Tcp(22), Ingress.Icmp()], Ct);

        Assert.Equal(2, group.Rules.Count);
        Assert.Equal(2, cloud.Seen("POST", "/security-group-rules").Count);
    }

    [Fact]
    public async Task Networks_ports_and_routers_are_read_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/network/v2.0/networks", """
            {"network":{"id":"n","name":"web","status":"ACTIVE","subnets":[],"router:external":false,"shared":false,"mtu":1450,
            "project_id":"p1","port_security_enabled":true}}
            """, 201);
        cloud.Answer("POST", "/network/v2.0/subnets", """
            {"subnet":{"id":"s","name":"","network_id":"n","cidr":"10.0.2.0/24","ip_version":4,"gateway_ip":"10.0.2.1","enable_dhcp":true,
            "dns_nameservers":["9.9.9.9"],"allocation_pools":[{"start":"10.0.2.2","end":"10.0.2.254"}]}}
            """, 201);
        cloud.Answer("POST", "/network/v2.0/routers", """
            {"router":{"id":"r","name":"out","status":"ACTIVE","external_gateway_info":{"network_id":"ext","enable_snat":true,
            "external_fixed_ips":[]}}}
            """, 201);
        cloud.Answer("PUT", "/network/v2.0/routers/r/add_router_interface", """{"id":"r","subnet_id":"s","port_id":"x"}""");

        var network = await client.Networking.CreateNetworkAsync("web", Ct);
        var subnet = await client.Networking.CreateSubnetAsync(new(network.Id, "10.0.2.0/24") { DnsNameservers = ["9.9.9.9"] }, Ct);
        var router = await client.Networking.CreateRouterAsync("out", "ext", Ct);
        await client.Networking.AddRouterInterfaceAsync(router.Id, subnet.Id, Ct);

        Assert.Equal((1450, "10.0.2.1", "ext"), (network.Mtu, subnet.GatewayIP, router.ExternalGatewayInfo?.NetworkId));
        Assert.Equal("""{"subnet":{"network_id":"n","cidr":"10.0.2.0/24","ip_version":4,"dns_nameservers":["9.9.9.9"]}}""",
            cloud.Seen("POST", "/subnets")[0].Body);
        Assert.Equal("""{"router":{"name":"out","external_gateway_info":{"network_id":"ext"}}}""", cloud.Seen("POST", "/routers")[0].Body);
        Assert.Equal("""{"subnet_id":"s"}""", cloud.Seen("PUT", "/add_router_interface")[0].Body);
    }
}
