using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>A real Octavia: parts with all their options are created, read, changed and cleared.</summary>
public sealed class LoadBalancerPartsTests
{
    [Fact]
    public async Task Listener_and_pool_are_changed_and_cleared()
    {
        await using var cloud = Connect();
        var octavia = cloud.LoadBalancing;
        var name = Unique("parts");
        var balancer = await CreateAsync(cloud, name);
        try
        {
            balancer = await octavia.UpdateLoadBalancerAsync(
                balancer.Id, new LoadBalancerUpdate { Description = "of a test", Tags = ["blue", "green"] }, Ct);
            Assert.Equal(("of a test", "blue green"), (balancer.Description, string.Join(' ', balancer.Tags.Order())));

            var pool = await octavia.CreatePoolAsync(
                balancer.Id,
                new NewPool("HTTP") { Name = name, SessionPersistence = new SessionPersistence("APP_COOKIE", "session") },
                Ct);
            var listener = await octavia.CreateListenerAsync(
                new NewListener(balancer.Id, "HTTP", 80)
                {
                    Name = name,
                    DefaultPoolId = pool.Id,
                    AllowedCidrs = ["192.0.2.0/24", "198.51.100.0/24"],
                    InsertHeaders = new Dictionary<string, string> { ["X-Forwarded-For"] = "true" },
                    ClientDataTimeout = TimeSpan.FromMinutes(10),
                    MemberConnectTimeout = TimeSpan.FromMilliseconds(1500),
                    Tags = ["blue"],
                },
                Ct);

            listener = await octavia.GetListenerAsync(listener.Id, Ct);
            Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(1500), pool.Id),
                (listener.ClientDataTimeout, listener.MemberConnectTimeout, listener.DefaultPoolId));
            Assert.Equal(["192.0.2.0/24", "198.51.100.0/24"], listener.AllowedCidrs.Order());
            Assert.Equal((balancer.Id, "true"), (Assert.Single(listener.LoadBalancerIds), listener.InsertHeaders["X-Forwarded-For"]));
            var shown = await ShowAsync($"loadbalancer listener show {listener.Id}");
            Assert.Equal("600000", shown.GetProperty("timeout_client_data").ToString());
            Assert.Equal(listener.Id, (await octavia.FindListenerAsync(name, Ct)).Id);

            pool = await octavia.FindPoolAsync(name, Ct);
            Assert.Equal((new SessionPersistence("APP_COOKIE", "session"), listener.Id, null),
                (pool.SessionPersistence, Assert.Single(pool.ListenerIds), pool.HealthMonitorId));

            await octavia.UpdateListenerAsync(
                balancer.Id,
                listener.Id,
                new ListenerUpdate
                {
                    DefaultPoolId = "",
                    AllowedCidrs = [],
                    ConnectionLimit = 100,
                    MemberDataTimeout = TimeSpan.FromSeconds(7),
                },
                Ct);
            await octavia.UpdatePoolAsync(
                balancer.Id, pool.Id, new PoolUpdate { Algorithm = "SOURCE_IP", SessionPersistence = SessionPersistence.None }, Ct);
            await octavia.WaitUntilActiveAsync(balancer.Id, OperationTimeout, Ct);

            listener = await octavia.GetListenerAsync(listener.Id, Ct);
            pool = await octavia.GetPoolAsync(pool.Id, Ct);
            Assert.Equal((null, 0, 100, TimeSpan.FromSeconds(7), TimeSpan.FromMinutes(10)),
                (listener.DefaultPoolId, listener.AllowedCidrs.Count, listener.ConnectionLimit, listener.MemberDataTimeout,
                    listener.ClientDataTimeout));
            Assert.Equal(("SOURCE_IP", null, 0), (pool.Algorithm, pool.SessionPersistence, pool.ListenerIds.Count));
            shown = await ShowAsync($"loadbalancer pool show {pool.Id}");
            Assert.Equal(JsonValueKind.Null, shown.GetProperty("session_persistence").ValueKind);
            await Assert.ThrowsAsync<OpenStackApiException>(() => octavia.UpdateListenerAsync(
                balancer.Id, listener.Id, new ListenerUpdate { ConnectionLimit = -7 }, Ct));
        }
        finally
        {
            await DeleteAsync(cloud, balancer);
        }
    }

    [Fact]
    public async Task Monitor_is_found_through_its_pool_and_changed()
    {
        await using var cloud = Connect();
        var octavia = cloud.LoadBalancing;
        var name = Unique("monitor");
        var balancer = await CreateAsync(cloud, name);
        try
        {
            var pool = await octavia.CreatePoolAsync(balancer.Id, new NewPool("HTTP") { Name = name }, Ct);
            var created = await octavia.CreateHealthMonitorAsync(
                balancer.Id,
                new NewHealthMonitor(pool.Id, "HTTP")
                {
                    Name = name,
                    UrlPath = "/healthz",
                    HttpMethod = "HEAD",
                    ExpectedCodes = "200-204",
                    HttpVersion = 1.1m,
                    DomainName = "app.example.org",
                    MaxRetriesDown = 4,
                },
                Ct);

            var monitor = await octavia.GetHealthMonitorAsync((await octavia.GetPoolAsync(pool.Id, Ct)).HealthMonitorId!, Ct);
            Assert.Equal((created.Id, name, "/healthz", "HEAD", "200-204", 1.1m, "app.example.org", 4, pool.Id),
                (monitor.Id, monitor.Name, monitor.UrlPath, monitor.HttpMethod, monitor.ExpectedCodes, monitor.HttpVersion,
                    monitor.DomainName, monitor.MaxRetriesDown, Assert.Single(monitor.PoolIds)));
            Assert.Equal(monitor.Id, (await octavia.ListHealthMonitorsAsync(pool.Id, Ct).SingleAsync(Ct)).Id);
            Assert.Contains(monitor.Id, await octavia.ListHealthMonitorsAsync(cancellationToken: Ct).Select(one => one.Id).ToListAsync(Ct));

            await octavia.UpdateHealthMonitorAsync(
                balancer.Id, monitor.Id, new HealthMonitorUpdate { Delay = 9, ExpectedCodes = "200, 202", AdminStateUp = false }, Ct);
            await octavia.WaitUntilActiveAsync(balancer.Id, OperationTimeout, Ct);

            monitor = await octavia.GetHealthMonitorAsync(monitor.Id, Ct);
            Assert.Equal((9, "200, 202", false, "/healthz"),
                (monitor.Delay, monitor.ExpectedCodes, monitor.AdminStateUp, monitor.UrlPath));
            Assert.Equal("9", (await ShowAsync($"loadbalancer healthmonitor show {monitor.Id}")).GetProperty("delay").ToString());
        }
        finally
        {
            await DeleteAsync(cloud, balancer);
        }
    }

    [Fact]
    public async Task Members_are_set_with_one_change_and_shown_in_the_status_tree()
    {
        await using var cloud = Connect();
        var octavia = cloud.LoadBalancing;
        var name = Unique("members");
        var balancer = await CreateAsync(cloud, name);
        try
        {
            var listener = await octavia.CreateListenerAsync(new NewListener(balancer.Id, "HTTP", 80) { Name = name }, Ct);
            var pool = await octavia.CreatePoolAsync(balancer.Id, new NewPool("HTTP") { Name = name, ListenerId = listener.Id }, Ct);
            await octavia.CreateHealthMonitorAsync(balancer.Id, new NewHealthMonitor(pool.Id, "HTTP") { Name = name }, Ct);

            await octavia.SetMembersAsync(balancer.Id, pool.Id, Enumerable.Range(1, 3).Select(i => new NewMember($"10.0.9.{i}", 80)),
                cancellationToken: Ct);
            Assert.Equal(["10.0.9.1 1", "10.0.9.2 1", "10.0.9.3 1"], await MembersAsync());
            await octavia.SetMembersAsync(
                balancer.Id,
                pool.Id,
                [new NewMember("10.0.9.2", 80) { Weight = 0 }, new NewMember("10.0.9.4", 80) { Backup = true }],
                keepOthers: false,
                Ct);
            Assert.Equal(["10.0.9.2 0", "10.0.9.4 1 backup"], await MembersAsync());
            await octavia.SetMembersAsync(balancer.Id, pool.Id, [new NewMember("10.0.9.5", 80)], keepOthers: true, Ct);
            Assert.Equal(["10.0.9.2 0", "10.0.9.4 1 backup", "10.0.9.5 1"], await MembersAsync());

            var member = await octavia.ListMembersAsync(pool.Id, Ct).FirstAsync(one => one.Address == "10.0.9.4", Ct);
            await octavia.UpdateMemberAsync(
                balancer.Id, pool.Id, member.Id, new MemberUpdate { Name = "web-4", Weight = 9, Backup = false, MonitorPort = 8081 }, Ct);
            await octavia.WaitUntilActiveAsync(balancer.Id, OperationTimeout, Ct);
            member = await octavia.GetMemberAsync(pool.Id, member.Id, Ct);
            Assert.Equal(("web-4", 9, false, 8081), (member.Name, member.Weight, member.Backup, member.MonitorPort));

            var tree = await octavia.GetLoadBalancerStatusAsync(balancer.Id, Ct);
            var node = Assert.Single(Assert.Single(tree.Listeners).Pools);
            Assert.Equal((balancer.Id, name, "ACTIVE", listener.Id, pool.Id, name),
                (tree.Id, tree.Name, tree.ProvisioningStatus, tree.Listeners[0].Id, node.Id, node.HealthMonitor?.Name));
            Assert.Equal(["10.0.9.2", "10.0.9.4", "10.0.9.5"], node.Members.Select(one => one.Address).Order());

            await octavia.SetMembersAsync(balancer.Id, pool.Id, [], cancellationToken: Ct);
            Assert.Empty(await MembersAsync());

            async Task<IEnumerable<string>> MembersAsync()
            {
                await octavia.WaitUntilActiveAsync(balancer.Id, OperationTimeout, Ct);
                var members = await octavia.ListMembersAsync(pool.Id, Ct).ToListAsync(Ct);
                return members.Select(one => $"{one.Address} {one.Weight}{(one.Backup == true ? " backup" : "")}").Order();
            }
        }
        finally
        {
            await DeleteAsync(cloud, balancer);
        }
    }

    [Fact]
    public async Task Statistics_are_read()
    {
        await using var cloud = Connect();
        var octavia = cloud.LoadBalancing;
        var name = Unique("stats");
        var balancer = await CreateAsync(cloud, name);
        try
        {
            var listener = await octavia.CreateListenerAsync(new NewListener(balancer.Id, "HTTP", 80) { Name = name }, Ct);

            Assert.Equal(new TrafficStatistics(), await octavia.GetListenerStatisticsAsync(listener.Id, Ct));
            Assert.Equal(new TrafficStatistics(), await octavia.GetLoadBalancerStatisticsAsync(balancer.Id, Ct));
            await Assert.ThrowsAsync<NotFoundException>(() => octavia.GetListenerStatisticsAsync(balancer.Id, Ct));
        }
        finally
        {
            await DeleteAsync(cloud, balancer);
        }
    }

    private static async Task<LoadBalancer> CreateAsync(OpenStackClient cloud, string name)
    {
        var network = await cloud.Networking.FindNetworkAsync(NetworkName, Ct);
        var subnet = await cloud.Networking.ListSubnetsAsync(network.Id, cancellationToken: Ct).FirstAsync(Ct);
        return await cloud.LoadBalancing.CreateLoadBalancerAsync(name, subnet.Id, Ct);
    }

    private static async Task DeleteAsync(OpenStackClient cloud, LoadBalancer balancer)
    {
        Assert.True(await cloud.LoadBalancing.DeleteLoadBalancerAsync(balancer.Id, CancellationToken.None));
        await cloud.LoadBalancing.WaitUntilDeletedAsync(balancer.Id, OperationTimeout, CancellationToken.None);
    }
}
