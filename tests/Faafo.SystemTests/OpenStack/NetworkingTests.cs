using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.TestKit;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

public sealed class NetworkingTests
{
    [Fact]
    public async Task Network_with_router_and_floating_address_is_created_and_deleted()
    {
        await using var cloud = Connect();
        var name = Unique("net");
        var net = cloud.Networking;
        var external = await net.ListNetworksAsync(external: true, cancellationToken: Ct).SingleAsync(Ct);
        var network = await net.CreateNetworkAsync(name, Ct);
        var subnet = await net.CreateSubnetAsync(new NewSubnet(network.Id, "192.168.99.0/24") { Name = name }, Ct);
        var router = await net.CreateRouterAsync(name, external.Id, Ct);
        await net.AddRouterInterfaceAsync(router.Id, subnet.Id, Ct);
        var port = await net.CreatePortAsync(new NewPort(network.Id) { Name = name }, Ct);
        FloatingIP? address = null;
        try
        {
            address = await net.AttachFloatingIPToPortAsync(port.Id, null, Ct);
            var again = await net.AttachFloatingIPToPortAsync(port.Id, null, Ct);

            Assert.Equal(address.Id, again.Id);
            var read = await net.GetFloatingIPAsync(address.Id, Ct);
            var shown = await ShowAsync($"floating ip show {address.Address}");
            Assert.Equal((port.Id, external.Id, port.FixedIPs[0].IpAddress), (read.PortId, read.FloatingNetworkId, read.FixedIpAddress));
            Assert.Equal((port.Id, external.Id, read.FixedIpAddress),
                (Text(shown, "port_id"), Text(shown, "floating_network_id"), Text(shown, "fixed_ip_address")));

            shown = await ShowAsync($"subnet show {subnet.Id}");
            Assert.Equal((subnet.Cidr, subnet.GatewayIP, subnet.NetworkId),
                (Text(shown, "cidr"), Text(shown, "gateway_ip"), Text(shown, "network_id")));
            var known = await net.GetNetworkAsync(network.Id, Ct);
            shown = await ShowAsync($"network show {network.Id}");
            Assert.Equal((known.Name, known.Status, known.Mtu),
                (Text(shown, "name"), Text(shown, "status")!, shown.GetProperty("mtu").GetInt32()));
            Assert.Equal([subnet.Id], known.Subnets);
            var listed = await net.ListRoutersAsync(name, cancellationToken: Ct).SingleAsync(Ct);
            Assert.Equal((router.Id, external.Id), (listed.Id, listed.ExternalGatewayInfo?.NetworkId));
            Assert.Equal(router.Id, Text(await ShowAsync($"router show {name}"), "id"));
            Assert.Contains(port.Id,
                (await net.ListPortsAsync(networkId: network.Id, cancellationToken: Ct).ToListAsync(Ct)).Select(one => one.Id));
            await Assert.ThrowsAsync<ConflictException>(() => net.DeleteNetworkAsync(network.Id, Ct));
        }
        finally
        {
            if (address is not null)
            {
                await net.DetachFloatingIPAsync(address.Id, CancellationToken.None);
                Assert.True(await net.DeleteFloatingIPAsync(address.Id, CancellationToken.None));
            }

            await net.DeletePortAsync(port.Id, CancellationToken.None);
            await net.RemoveRouterInterfaceAsync(router.Id, subnet.Id, CancellationToken.None);
            Assert.True(await net.DeleteRouterAsync(router.Id, CancellationToken.None));
            Assert.True(await net.DeleteSubnetAsync(subnet.Id, CancellationToken.None));
            Assert.True(await net.DeleteNetworkAsync(network.Id, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Thirty_two_concurrent_callers_share_no_address_and_leak_none()
    {
        await using var cloud = Connect();
        var name = Unique("race");
        var net = cloud.Networking;
        var external = await net.ListNetworksAsync(external: true, cancellationToken: Ct).SingleAsync(Ct);
        var network = await net.FindNetworkAsync(NetworkName, Ct);
        var ports = new List<Port>();
        var mine = new HashSet<string>();
        try
        {
            for (var i = 0; i < 32; i++)
            {
                ports.Add(await net.CreatePortAsync(new NewPort(network.Id) { Name = name }, Ct));
            }

            for (var i = 0; i < 8; i++)
            {
                mine.Add((await net.AllocateFloatingIPAsync(external.Id, null, name, Ct)).Id);
            }

            var attached = await Task.WhenAll(ports.Select(port => net.AttachFloatingIPToPortAsync(port.Id, external.Id, Ct)));
            mine.UnionWith(attached.Select(address => address.Id));

            var now = await net.ListFloatingIPsAsync(cancellationToken: Ct).ToListAsync(Ct);
            Assert.Equal(32, attached.Select(address => address.Id).Distinct().Count());
            Assert.All(ports, port => Assert.Single(now, address => address.PortId == port.Id));
            Assert.DoesNotContain(now, address => mine.Contains(address.Id) && address.PortId is null);
        }
        finally
        {
            foreach (var id in mine)
            {
                await net.DeleteFloatingIPAsync(id, CancellationToken.None);
            }

            foreach (var port in ports)
            {
                await net.DeletePortAsync(port.Id, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Server_gets_one_floating_address_despite_repeated_requests()
    {
        await using var cloud = Connect();
        var server = await BootAsync(cloud, Unique("public"));
        FloatingIP? address = null;
        try
        {
            address = await cloud.Networking.AttachFloatingIPAsync(server.Id, null, Ct);

            Assert.Equal(address.Id, (await cloud.Networking.AttachFloatingIPAsync(server.Id, null, Ct)).Id);
            Assert.Equal(server.FixedAddresses.Single(), address.FixedIpAddress);
            await Eventually.GetAsync("Nova's view", async token =>
                (await cloud.Compute.GetServerAsync(server.Id, token)).FloatingAddresses.ToList(), list =>
                list.SequenceEqual([address.Address]), OperationTimeout);
        }
        finally
        {
            if (address is not null)
            {
                Assert.True(await cloud.Networking.DeleteFloatingIPAsync(address.Id, CancellationToken.None));
            }

            await RemoveAsync(cloud, server);
        }
    }

    [Fact]
    public async Task Rules_refer_to_other_groups_and_are_idempotent()
    {
        await using var cloud = Connect();
        var net = cloud.Networking;
        var worker = Unique("worker");
        var services = Unique("services");
        var from = await net.GetOrCreateSecurityGroupAsync(worker, [Ingress.Tcp(22)], Ct);
        var to = await net.GetOrCreateSecurityGroupAsync(services, [Ingress.Tcp(5672).From(from), Ingress.Icmp()], Ct);
        try
        {
            Assert.False(await net.AddSecurityGroupRuleAsync(to.Id, Ingress.Tcp(5672).From(from), Ct));
            Assert.Equal(to.Rules.Count,
                (await net.GetOrCreateSecurityGroupAsync(services, [Ingress.Tcp(5672).From(from), Ingress.Icmp()], Ct)).Rules.Count);
            Assert.Contains(from.Id, await OpenStackAsync($"security group rule list {to.Id} -f value"), StringComparison.Ordinal);

            var ping = (await net.GetSecurityGroupAsync(to.Id, Ct)).Rules.Single(rule => rule.Protocol == "icmp");
            Assert.True(await net.DeleteSecurityGroupRuleAsync(ping.Id, Ct));
            Assert.False(await net.DeleteSecurityGroupRuleAsync(ping.Id, Ct));
            Assert.Equal(to.Rules.Count - 1,
                (await net.ListSecurityGroupsAsync(services, cancellationToken: Ct).SingleAsync(Ct)).Rules.Count);
        }
        finally
        {
            await net.DeleteSecurityGroupAsync(to.Id, null, CancellationToken.None);
            await net.DeleteSecurityGroupAsync(from.Id, null, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Administrator_finds_only_the_default_group_of_the_own_project()
    {
        await using var admin = Connect("devcloud-admin");

        Assert.Equal("default", (await admin.Networking.FindSecurityGroupAsync("default", Ct)).Name);
    }

    private static string? Text(JsonElement shown, string name) => shown.GetProperty(name).GetString();
}
