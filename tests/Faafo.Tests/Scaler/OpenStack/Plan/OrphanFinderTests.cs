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
    public void Removed_balancer_is_deleted_with_its_resources()
    {
        var managed = Managed("services", "lb", "api-1", "api-2", "worker-1");

        Assert.Empty(Changes(Balanced, managed));
        Assert.Equal(["- server app-lb: no longer wanted", "- floating address of app-lb: no longer wanted",
            "- port faafo-app-lb: no longer wanted", "- security group faafo-lb: no longer wanted"], Changes(Plain, managed));
        // The load balancer of Octavia replaces it, or is removed.
        var octavia = managed with
        {
            LoadBalancers = [new LoadBalancer { Id = "b", Name = "faafo", VipPortId = "vip", ProvisioningStatus = "ACTIVE" }],
            FloatingIPs = [Address("vip"), .. managed.FloatingIPs],
        };
        Assert.Equal(Changes(Plain, managed), Changes(Plain with { Balancing = Balancing.Octavia }, octavia));
        Assert.Equal(["- floating address of vip: no longer wanted", "- load balancer faafo: no longer wanted"],
            Changes(Balanced, octavia));
    }

    [Fact]
    public void Apis_behind_a_balancer_lose_their_floating_ips()
    {
        var managed = Managed("services", "lb", "api-1", "api-2") with
        {
            FloatingIPs = [Address("app-lb"), Address("app-api-1")],
            ReusedFloatingIPs = [Address("app-api-2")],
        };

        Assert.Equal(["- floating address of app-api-1: no longer wanted",
            "~ floating address of app-api-2: detached, stays with the project"], Changes(Balanced, managed));
        Assert.Empty(Changes(Balanced with { Apis = Balanced.Apis with { FloatingIP = true } }, managed));
    }

    [Fact]
    public void Port_of_an_api_above_min_is_orphaned_unless_its_server_exists()
    {
        var all = Managed("services", "api-1", "api-2", "api-3", "api-4", "api-5");
        var managed = all with
        {
            Servers = [.. all.Servers.Where(server => server.Name is not ("app-api-2" or "app-api-4" or "app-api-5"))],
            Leaving = [.. all.Servers.Where(server => server.Name == "app-api-5")],
            FloatingIPs = [Address("app-api-4")],
        };

        Assert.Equal(["- floating address of app-api-4: no longer wanted", "- port faafo-app-api-4: no longer wanted"],
            Changes(Plain, managed));
    }

    [Fact]
    public void Change_that_would_lose_data_or_move_instances_is_rejected()
    {
        var elsewhere = Plain with { TransportUrl = "amqp://q/", DatabaseUrl = "postgresql://d/f" };
        Assert.StartsWith("transport_url and database_url are set in flock.yaml, "
            + "but the queue and the rows of this flock are on app-services ",
            ErrorOf(elsewhere, Managed("services")), StringComparison.Ordinal);
        OrphanFinder.Check(elsewhere, Managed("api-1"));

        var own = Plain with { OwnNetworks = new OwnNetworks("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24") };
        Assert.StartsWith("networks was added to flock.yaml", ErrorOf(own, Managed("api-1")), StringComparison.Ordinal);
        var inOwn = Managed("api-1") with { Networks = [new Network { Id = "n", Name = "faafo-api" }] };
        OrphanFinder.Check(own, inOwn);
        Assert.StartsWith("networks was removed from flock.yaml", ErrorOf(Plain, inOwn), StringComparison.Ordinal);
    }

    private static string ErrorOf(FlockSpec flock, ManagedResources managed) =>
        Assert.Throws<FailureException>(() => OrphanFinder.Check(flock, managed)).Message;

    private static string[] Changes(FlockSpec flock, ManagedResources managed) =>
        [.. OrphanFinder.Changes(flock, Faafo, managed).Select(one => one.ToString())];

    // Servers with the ports, security groups and floating IPs that they have in a flock with HAProxy.
    private static ManagedResources Managed(params string[] nodes)
    {
        var groups = nodes.Select(GroupOf).Distinct();
        return ManagedResources.Empty with
        {
            Servers = [.. nodes.Select(Server)],
            Ports = [.. nodes.Where(node => GroupOf(node) != FlockSpec.Worker)
                .Select(node => new Port { Id = $"app-{node}", Name = $"faafo-app-{node}", NetworkId = "n" })],
            FloatingIPs = nodes.Contains("lb") ? [Address("app-lb")] : [],
            SecurityGroups = [.. groups.Select(group => new SecurityGroup { Id = group, Name = $"faafo-{group}" })],
        };
    }

    private static string GroupOf(string node) => node.Split('-')[0];

    private static Server Server(string node) => new()
    {
        Id = node,
        Name = $"app-{node}",
        Status = "ACTIVE",
        Tags = [Faafo.Tag, FlockServers.GroupTag(GroupOf(node))],
    };

    private static FloatingIP Address(string port) => new() { Id = port, Address = $"of {port}", PortId = port };
}
