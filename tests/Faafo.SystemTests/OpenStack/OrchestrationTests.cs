using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Orchestration;
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
            properties: {adjustment_type: change_in_capacity, auto_scaling_group_id: {get_resource: group}, scaling_adjustment: 1, cooldown: 0}
        outputs:
          size: {value: {get_attr: [group, current_size]}}
          up_url: {value: {get_attr: [up, signal_url]}}
        """;

    [Fact]
    public async Task A_stack_is_made_signalled_and_deleted()
    {
        await using var cloud = Connect();
        var heat = cloud.Orchestration;
        var name = Unique("stack");
        var stack = await heat.CreateStackAsync(new NewStack(name, Template) { Parameters = new Dictionary<string, string> { ["count"] = "2" } }, Ct);
        try
        {
            stack = await heat.WaitUntilCompleteAsync(name, Patience, Ct);
            Assert.Equal(("CREATE_COMPLETE", "2"), (stack.Status, stack.Output("size")));
            Assert.Equal("CREATE_COMPLETE", await OpenStackAsync("stack", "show", name, "-f", "value", "-c", "stack_status"));
            Assert.Equal(["group", "up"], (await heat.ListResourcesAsync(name, Ct).ToListAsync(Ct)).Select(resource => resource.Name).Order());

            await heat.SignalAsync(new Uri(stack.Output("up_url")!), Ct);
            await WaitForSizeAsync(heat, name, "3");
            await Assert.ThrowsAsync<ConflictException>(() => heat.CreateStackAsync(new NewStack(name, Template), Ct));
        }
        finally
        {
            Assert.True(await heat.DeleteStackAsync(name, CancellationToken.None));
            await heat.WaitUntilDeletedAsync(stack.Id, Patience, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_stack_that_fails_says_why()
    {
        await using var cloud = Connect();
        var name = Unique("bad");
        var stack = await cloud.Orchestration.CreateStackAsync(
            new NewStack(name, "heat_template_version: 2018-08-31\nresources:\n  key: {type: 'OS::Nova::KeyPair', properties: {name: x, public_key: nonsense}}\n"), Ct);
        try
        {
            var error = await Assert.ThrowsAsync<ResourceFailedException>(() => cloud.Orchestration.WaitUntilCompleteAsync(name, Patience, Ct));
            Assert.Contains("key", error.Fault, StringComparison.Ordinal);
        }
        finally
        {
            await cloud.Orchestration.DeleteStackAsync(name, CancellationToken.None);
            await cloud.Orchestration.WaitUntilDeletedAsync(stack.Id, Patience, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_balancer_takes_many_changes_at_once()
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
            await octavia.CreateHealthMonitorAsync(balancer.Id, new NewHealthMonitor(pool.Id, "HTTP") { UrlPath = "/" }, Ct);
            var members = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => octavia.AddMemberAsync(balancer.Id, pool.Id, new NewMember($"10.0.9.{i}", 80), Ct)));

            Assert.Equal(0, (await octavia.SetMemberWeightAsync(balancer.Id, pool.Id, members[0].Id, 0, Ct)).Weight);
            Assert.True(await octavia.RemoveMemberAsync(balancer.Id, pool.Id, members[1].Id, Ct));
            Assert.Equal("ACTIVE", (await octavia.WaitUntilActiveAsync(balancer.Id, Patience, Ct)).ProvisioningStatus);
            Assert.Equal(2, await octavia.ListMembersAsync(pool.Id, Ct).CountAsync(Ct));
            Assert.Equal(2, (await OpenStackAsync("loadbalancer", "member", "list", pool.Id, "-f", "value")).Split('\n').Length);
        }
        finally
        {
            Assert.True(await octavia.DeleteLoadBalancerAsync(balancer.Id, CancellationToken.None));
            await octavia.WaitUntilDeletedAsync(balancer.Id, Patience, CancellationToken.None);
        }
    }

    private static async Task WaitForSizeAsync(OrchestrationService heat, string name, string size)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        while ((await heat.GetStackAsync(name, limit.Token)).Output("size") != size)
        {
            await Task.Delay(200, limit.Token);
        }
    }
}
