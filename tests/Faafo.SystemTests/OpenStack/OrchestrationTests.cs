using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Orchestration;
using Faafo.TestKit;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

public sealed class OrchestrationTests
{
    private const string Template = """
        heat_template_version: 2018-08-31
        parameters:
          count: {type: number, default: 1}
        resources:
          group:
            type: OS::Heat::AutoScalingGroup
            properties:
              min_size: 1
              max_size: 4
              desired_capacity: {get_param: count}
              resource:
                type: OS::Heat::RandomString
          up:
            type: OS::Heat::ScalingPolicy
            properties:
              adjustment_type: change_in_capacity
              auto_scaling_group_id: {get_resource: group}
              scaling_adjustment: 1
              cooldown: 0
        outputs:
          size: {value: {get_attr: [group, current_size]}}
          up_url: {value: {get_attr: [up, signal_url]}}
        """;

    [Fact]
    public async Task Stack_is_created_signalled_updated_and_deleted()
    {
        await using var cloud = Connect();
        var heat = cloud.Orchestration;
        var name = Unique("stack");
        var stack = await heat.CreateStackAsync(
            new NewStack(name, Template) { Parameters = new Dictionary<string, string> { ["count"] = "2" } }, Ct);
        try
        {
            stack = await heat.WaitUntilCompleteAsync(name, OperationTimeout, Ct);
            Assert.Equal(("CREATE_COMPLETE", "2"), (stack.Status, stack.Output("size")));
            Assert.Equal(stack.Id, (await heat.ListStacksAsync(Ct).SingleAsync(one => one.Name == name, Ct)).Id);
            Assert.Equal(["group", "up"],
                (await heat.ListStackResourcesAsync(name, Ct).ToListAsync(Ct)).Select(resource => resource.Name).Order());

            await heat.SignalAsync(new Uri(stack.Output("up_url")!), Ct);
            await Eventually.GetAsync("the group's size", async token => (await heat.GetStackAsync(name, token)).Output("size"), size =>
                size == "3", OperationTimeout);
            await heat.SignalAsync(name, "up", Ct);
            await Eventually.GetAsync("the group's size", async token => (await heat.GetStackAsync(name, token)).Output("size"), size =>
                size == "4", OperationTimeout);

            await heat.UpdateStackAsync(name,
                new NewStack(name, Template) { Parameters = new Dictionary<string, string> { ["count"] = "1" } }, Ct);
            stack = await heat.WaitUntilCompleteAsync(name, OperationTimeout, Ct);
            Assert.Equal(("UPDATE_COMPLETE", "1"), (stack.Status, stack.Output("size")));
            var shown = await ShowAsync($"stack show {name}");
            Assert.Equal((stack.Id, stack.Status, stack.StatusReason),
                (Text(shown, "id"), Text(shown, "stack_status")!, Text(shown, "stack_status_reason")));
            Assert.Equal("1", Text(shown.GetProperty("parameters"), "count"));
            await Assert.ThrowsAsync<ConflictException>(() => heat.CreateStackAsync(new NewStack(name, Template), Ct));
        }
        finally
        {
            Assert.True(await heat.DeleteStackAsync(name, CancellationToken.None));
            await heat.WaitUntilDeletedAsync(stack.Id, OperationTimeout, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Failed_stack_reports_its_reason()
    {
        await using var cloud = Connect();
        var name = Unique("bad");
        var stack = await cloud.Orchestration.CreateStackAsync(
            new NewStack(name,
                "heat_template_version: 2018-08-31\nresources:\n"
                + "  key: {type: 'OS::Nova::KeyPair', properties: {name: x, public_key: nonsense}}\n"), Ct);
        try
        {
            var error = await Assert.ThrowsAsync<ResourceFailedException>(() =>
                cloud.Orchestration.WaitUntilCompleteAsync(name, OperationTimeout, Ct));
            Assert.Contains("key", error.Fault, StringComparison.Ordinal);
        }
        finally
        {
            await cloud.Orchestration.DeleteStackAsync(name, CancellationToken.None);
            await cloud.Orchestration.WaitUntilDeletedAsync(stack.Id, OperationTimeout, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Load_balancer_accepts_concurrent_changes()
    {
        await using var cloud = Connect();
        var octavia = cloud.LoadBalancing;
        var name = Unique("lb");
        var network = await cloud.Networking.FindNetworkAsync(NetworkName, Ct);
        var subnet = await cloud.Networking.ListSubnetsAsync(network.Id, cancellationToken: Ct).FirstAsync(Ct);
        var balancer = await octavia.CreateLoadBalancerAsync(name, subnet.Id, Ct);
        try
        {
            var listener = await octavia.CreateListenerAsync(new NewListener(balancer.Id, "HTTP", 80) { Name = name }, Ct);
            var pool = await octavia.CreatePoolAsync(balancer.Id, new NewPool("HTTP") { Name = name, ListenerId = listener.Id }, Ct);
            var monitor = await octavia.CreateHealthMonitorAsync(balancer.Id, new NewHealthMonitor(pool.Id, "HTTP") { UrlPath = "/" }, Ct);
            var members = await Task.WhenAll(Enumerable.Range(1, 3)
                .Select(i => octavia.CreateMemberAsync(balancer.Id, pool.Id, new NewMember($"10.0.9.{i}", 80), Ct)));

            Assert.Equal(0, (await octavia.SetMemberWeightAsync(balancer.Id, pool.Id, members[0].Id, 0, Ct)).Weight);
            Assert.True(await octavia.DeleteMemberAsync(balancer.Id, pool.Id, members[1].Id, Ct));
            Assert.Equal("ACTIVE", (await octavia.WaitUntilActiveAsync(balancer.Id, OperationTimeout, Ct)).ProvisioningStatus);
            Assert.Equal(2, await octavia.ListMembersAsync(pool.Id, Ct).CountAsync(Ct));
            var tree = await OpenStackAsync($"loadbalancer status show {balancer.Id}");
            Assert.All([listener.Id, pool.Id, monitor.Id, members[0].Id, members[2].Id], id =>
                Assert.Contains(id, tree, StringComparison.Ordinal));
            Assert.DoesNotContain(members[1].Id, tree, StringComparison.Ordinal);

            var read = await octavia.GetLoadBalancerAsync(balancer.Id, Ct);
            var shown = await ShowAsync($"loadbalancer show {balancer.Id}");
            Assert.Equal(
                (read.Name, read.ProvisioningStatus, read.OperatingStatus, read.VipAddress, read.VipPortId),
                (Text(shown, "name"), Text(shown, "provisioning_status")!, Text(shown, "operating_status")!, Text(shown, "vip_address"),
                    Text(shown, "vip_port_id")));
            Assert.Equivalent(read, await octavia.FindLoadBalancerAsync(name, Ct), strict: true);
            Assert.Equivalent(read, await octavia.ListLoadBalancersAsync(name, cancellationToken: Ct).SingleAsync(Ct), strict: true);
            Assert.Equal((listener.Id, 80, pool.Id),
                await octavia.ListListenersAsync(balancer.Id, Ct).Select(one => (one.Id, one.ProtocolPort, one.DefaultPoolId!))
                .SingleAsync(Ct));
            Assert.Equal((pool.Id, BalancingAlgorithm.RoundRobin),
                await octavia.ListPoolsAsync(balancer.Id, Ct).Select(one => (one.Id, one.Algorithm!.Value)).SingleAsync(Ct));

            Assert.True(await octavia.DeleteHealthMonitorAsync(balancer.Id, monitor.Id, Ct));
            Assert.True(await octavia.DeletePoolAsync(balancer.Id, pool.Id, Ct));
            Assert.True(await octavia.DeleteListenerAsync(balancer.Id, listener.Id, Ct));
            Assert.Equal("ACTIVE", (await octavia.WaitUntilActiveAsync(balancer.Id, OperationTimeout, Ct)).ProvisioningStatus);
            Assert.Empty(await octavia.ListPoolsAsync(balancer.Id, Ct).ToListAsync(Ct));
            Assert.Empty(await octavia.ListListenersAsync(balancer.Id, Ct).ToListAsync(Ct));
            Assert.False(await octavia.DeleteListenerAsync(balancer.Id, listener.Id, Ct));
        }
        finally
        {
            Assert.True(await octavia.DeleteLoadBalancerAsync(balancer.Id, CancellationToken.None));
            await octavia.WaitUntilDeletedAsync(balancer.Id, OperationTimeout, CancellationToken.None);
        }
    }

    private static string? Text(JsonElement shown, string name) => shown.GetProperty(name).GetString();
}
