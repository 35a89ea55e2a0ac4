using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>Changes to networks, subnets, routers and ports, checked with the openstack command line.</summary>
public sealed class NetworkingUpdateTests
{
    [Fact]
    public async Task Network_subnet_and_router_are_updated_and_found()
    {
        await using var cloud = Connect();
        var net = cloud.Networking;
        var name = Unique("update");
        var external = await net.ListNetworksAsync(external: true, cancellationToken: Ct).SingleAsync(Ct);
        var network = await net.CreateNetworkAsync(name + "-old", Ct);
        Subnet? subnet = null;
        Router? router = null;
        try
        {
            subnet = await net.CreateSubnetAsync(new NewSubnet(network.Id, "192.168.98.0/24") { Name = name + "-old" }, Ct);
            router = await net.CreateRouterAsync(name + "-old", null, Ct);

            network = await net.UpdateNetworkAsync(network.Id, new NetworkUpdate { Name = name, Description = "mine", Mtu = 1300 }, Ct);
            Assert.Equal((name, "mine", 1300, true), (network.Name, network.Description, network.Mtu, network.AdminStateUp));
            network = await net.UpdateNetworkAsync(network.Id, new NetworkUpdate { PortSecurityEnabled = false }, Ct);
            Assert.Equal((false, name), (network.PortSecurityEnabled, network.Name));

            await net.UpdateSubnetAsync(subnet.Id, new SubnetUpdate { Name = name, DnsNameservers = ["9.9.9.9"], EnableDhcp = false }, Ct);
            await net.UpdateSubnetAsync(
                subnet.Id,
                new SubnetUpdate
                {
                    AllocationPools = [new AllocationPool("192.168.98.10", "192.168.98.20")],
                    HostRoutes = [new Route("10.9.0.0/16", "192.168.98.9")],
                },
                Ct);
            var found = await net.FindSubnetAsync(name, Ct);
            Assert.Equal((subnet.Id, "9.9.9.9", false), (found.Id, found.DnsNameservers.Single(), found.EnableDhcp));
            Assert.Equal([new AllocationPool("192.168.98.10", "192.168.98.20")], found.AllocationPools);
            Assert.Equal([new Route("10.9.0.0/16", "192.168.98.9")], found.HostRoutes);
            Assert.Equal("192.168.98.1", found.GatewayIP);
            Assert.Null((await net.ClearSubnetGatewayAsync(subnet.Id, Ct)).GatewayIP);
            Assert.Equal("192.168.98.1", (await net.UpdateSubnetAsync(
                subnet.Id, new SubnetUpdate { GatewayIP = "192.168.98.1" }, Ct)).GatewayIP);
            Assert.Equal(subnet.Id, (await net.GetSubnetAsync(subnet.Id, Ct)).Id);

            await net.AddRouterInterfaceAsync(router.Id, subnet.Id, Ct);
            await net.UpdateRouterAsync(
                router.Id,
                new RouterUpdate
                {
                    Name = name,
                    ExternalGatewayInfo = new GatewayInfo(external.Id),
                    Routes = [new Route("10.8.0.0/16", "192.168.98.8")],
                },
                Ct);
            var shown = await ShowAsync($"router show {name}");
            Assert.Equal(external.Id, shown.GetProperty("external_gateway_info").GetProperty("network_id").GetString());
            var way = await net.FindRouterAsync(name, Ct);
            Assert.Equal((external.Id, "192.168.98.8"), (way.ExternalGatewayInfo?.NetworkId, way.Routes.Single().NextHop));
            await net.UpdateRouterAsync(router.Id, new RouterUpdate { Routes = [] }, Ct);
            Assert.Null((await net.ClearRouterGatewayAsync(router.Id, Ct)).ExternalGatewayInfo);
            Assert.Empty((await net.GetRouterAsync(router.Id, Ct)).Routes);
        }
        finally
        {
            if (router is not null)
            {
                var attached = net.ListPortsAsync(deviceId: router.Id, networkId: network.Id, cancellationToken: CancellationToken.None);
                if (subnet is not null && await attached.AnyAsync(CancellationToken.None))
                {
                    await net.RemoveRouterInterfaceAsync(router.Id, subnet.Id, CancellationToken.None);
                }
                Assert.True(await net.DeleteRouterAsync(router.Id, CancellationToken.None));
            }
            Assert.True(await net.DeleteNetworkAsync(network.Id, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Port_gets_address_pairs_and_loses_port_security()
    {
        await using var cloud = Connect();
        var net = cloud.Networking;
        var name = Unique("pairs");
        var network = await net.CreateNetworkAsync(name, Ct);
        try
        {
            await net.CreateSubnetAsync(new NewSubnet(network.Id, "192.168.97.0/24") { Name = name }, Ct);
            var made = await net.CreatePortAsync(
                new NewPort(network.Id) { Name = name, AllowedAddressPairs = [new AllowedAddressPair("192.168.97.250")] }, Ct);
            Assert.Equal("192.168.97.250", Assert.Single(made.AllowedAddressPairs).IpAddress);
            Assert.Equal((true, made.MacAddress), (made.PortSecurityEnabled, made.AllowedAddressPairs[0].MacAddress));

            var port = await net.UpdatePortAsync(
                made.Id,
                new PortUpdate
                {
                    Description = "mine",
                    FixedIPs = [new FixedIP { IpAddress = "192.168.97.77" }],
                    AllowedAddressPairs = [new AllowedAddressPair("192.168.97.240/28"), new("192.168.97.250")],
                },
                Ct);
            Assert.Equal(("mine", "192.168.97.77"), (port.Description, port.FixedIPs.Single().IpAddress));
            Assert.Equal(2, port.AllowedAddressPairs.Count);
            var shown = await ShowAsync($"port show {name}");
            Assert.Contains("192.168.97.240/28", shown.GetProperty("allowed_address_pairs").GetRawText(), StringComparison.Ordinal);
            Assert.Equal(made.Id, (await net.FindPortAsync(name, Ct)).Id);

            await Assert.ThrowsAsync<ConflictException>(
                () => net.UpdatePortAsync(made.Id, new PortUpdate { PortSecurityEnabled = false }, Ct));
            port = await net.UpdatePortAsync(
                made.Id, new PortUpdate { SecurityGroups = [], AllowedAddressPairs = [], PortSecurityEnabled = false }, Ct);
            Assert.Equal((false, 0, 0), (port.PortSecurityEnabled, port.SecurityGroups.Count, port.AllowedAddressPairs.Count));
            port = await net.UpdatePortAsync(made.Id, new PortUpdate { PortSecurityEnabled = true, AdminStateUp = false }, Ct);
            Assert.Equal((true, false), (port.PortSecurityEnabled, port.AdminStateUp));
            Assert.True(await net.DeletePortAsync(made.Id, Ct));
        }
        finally
        {
            await foreach (var port in net.ListPortsAsync(networkId: network.Id, cancellationToken: CancellationToken.None))
            {
                await net.DeletePortAsync(port.Id, CancellationToken.None);
            }
            Assert.True(await net.DeleteNetworkAsync(network.Id, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Quotas_are_read_with_their_use()
    {
        await using var cloud = Connect();
        var project = (await cloud.Session.GetTokenAsync(Ct)).Project!.Id!;
        var network = await cloud.Networking.CreateNetworkAsync(Unique("quota"), Ct);
        try
        {
            var usage = await cloud.Networking.GetQuotaUsageAsync(project, Ct);

            Assert.True(usage["network"].Used >= 1, usage["network"].ToString());
            var shown = await ShowAsync("quota show");
            Assert.Equal(
                (shown.GetProperty("networks").GetInt64(), shown.GetProperty("ports").GetInt64()),
                (usage["network"].Limit, usage["port"].Limit));
            Assert.Equal(shown.GetProperty("floating-ips").GetInt64(), usage["floatingip"].Limit);
        }
        finally
        {
            await cloud.Networking.DeleteNetworkAsync(network.Id, CancellationToken.None);
        }
    }
}
