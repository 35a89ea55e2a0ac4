using Faafo.OpenStack.Compute;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Plan;

public sealed class OrphanFinderTests
{
    private static readonly ResourceNames Faafo = new("faafo", "p1", "One");
    private static readonly FlockSpec Plain = FlockSpec.Of("c");
    private static readonly FlockSpec Balanced = Plain with { Balancing = Balancing.HAProxy };

    [Fact]
    public void A_balancer_that_left_the_file_goes_with_all_that_was_made_for_it()
    {
        var there = There("services", "lb", "api-1", "api-2", "worker-1");

        Assert.Empty(Changes(Balanced, there));
        Assert.Equal(["- server app-lb: no longer wanted", "- floating address of app-lb: no longer wanted", "- port faafo-app-lb: no longer wanted",
            "- security group faafo-lb: no longer wanted"], Changes(Plain, there));
        // The cloud's own comes in its place, or goes.
        var octavia = there with { LoadBalancers = [new LoadBalancer { Id = "b", Name = "faafo", VipPortId = "vip", ProvisioningStatus = "ACTIVE" }], FloatingIPs = [Address("vip"), .. there.FloatingIPs] };
        Assert.Equal(Changes(Plain, there), Changes(Plain with { Balancing = Balancing.Octavia }, octavia));
        Assert.Equal(["- floating address of vip: no longer wanted", "- load balancer faafo: no longer wanted"], Changes(Balanced, octavia));
    }

    [Fact]
    public void APIs_that_are_behind_a_balancer_give_their_addresses_back()
    {
        var there = There("services", "lb", "api-1", "api-2") is var all ? all with { FloatingIPs = [Address("app-lb"), Address("app-api-1")], ReusedFloatingIPs = [Address("app-api-2")] } : null;

        Assert.Equal(["- floating address of app-api-1: no longer wanted", "~ floating address of app-api-2: detached, stays with the project"], Changes(Balanced, there!));
        Assert.Empty(Changes(Balanced with { Apis = Balanced.Apis with { FloatingIP = true } }, there!));
    }

    [Fact]
    public void What_an_API_above_min_has_left_goes_unless_it_is_there_or_leaves_just_now()
    {
        var there = There("services", "api-1", "api-2", "api-3", "api-4", "api-5") is var all ? all with
        {
            Servers = [.. all.Servers.Where(server => server.Name is not ("app-api-2" or "app-api-4" or "app-api-5"))],
            Leaving = [.. all.Servers.Where(server => server.Name == "app-api-5")],
            FloatingIPs = [Address("app-api-4")],
        } : null;

        Assert.Equal(["- floating address of app-api-4: no longer wanted", "- port faafo-app-api-4: no longer wanted"], Changes(Plain, there!));
    }

    [Fact]
    public void Queue_and_rows_are_not_deleted_by_a_change_of_the_file_and_networks_stay()
    {
        var elsewhere = Plain with { TransportUrl = "amqp://q/", DatabaseUrl = "postgresql://d/f" };
        Assert.StartsWith("transport_url and database_url are set in flock.yaml, but the queue and the rows of this flock are on app-services",
            Assert.Throws<FailureException>(() => OrphanFinder.Check(elsewhere, There("services"))).Message, StringComparison.Ordinal);
        OrphanFinder.Check(elsewhere, There("api-1"));

        var own = Plain with { OwnNetworks = new OwnNetworks("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24") };
        Assert.StartsWith("networks was added to flock.yaml", Assert.Throws<FailureException>(() => OrphanFinder.Check(own, There("api-1"))).Message, StringComparison.Ordinal);
        var inOwn = There("api-1") with { Networks = [new Network { Id = "n", Name = "faafo-api" }] };
        OrphanFinder.Check(own, inOwn);
        Assert.StartsWith("networks was removed from flock.yaml", Assert.Throws<FailureException>(() => OrphanFinder.Check(Plain, inOwn)).Message, StringComparison.Ordinal);
    }

    private static string[] Changes(FlockSpec flock, ManagedResources there) => [.. OrphanFinder.Changes(flock, Faafo, there).Select(one => one.ToString())];

    // Servers, with the ports, groups and addresses that they have in a flock with HAProxy.
    private static ManagedResources There(params string[] nodes) => ManagedResources.Empty with
    {
        Servers = [.. nodes.Select(node => new Server { Id = node, Name = $"app-{node}", Status = "ACTIVE", Tags = [Faafo.Tag, FlockServers.GroupTag(node.Split('-')[0])] })],
        Ports = [.. nodes.Where(node => !node.StartsWith("worker", StringComparison.Ordinal)).Select(node => new Port { Id = $"app-{node}", Name = $"faafo-app-{node}", NetworkId = "n" })],
        FloatingIPs = nodes.Contains("lb") ? [Address("app-lb")] : [],
        SecurityGroups = [.. nodes.Select(node => node.Split('-')[0]).Distinct().Select(group => new SecurityGroup { Id = group, Name = $"faafo-{group}" })],
    };

    private static FloatingIP Address(string port) => new() { Id = port, Address = $"of {port}", PortId = port };
}
