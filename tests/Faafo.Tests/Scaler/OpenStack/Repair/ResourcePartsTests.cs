using System.Text.Json.Nodes;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Repair;

/// <summary>Load balancers, networks, routers and groups that lack a part are named by <c>plan</c> and completed by the next run.</summary>
public sealed class ResourcePartsTests : RepairTest
{
    private FakeBalancerParts Parts => Cloud.Balancers.Parts;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await EnsureAsync();
    }

    [Fact]
    public async Task Health_monitor()
    {
        Parts.Monitors.Clear();

        await RepairedAsync("+ health monitor of load balancer faafo");
        Assert.Equal("/readyz", (string?)Assert.Single(Parts.Monitors)["url_path"]);
    }

    [Fact]
    public async Task Listener_gets_the_pool_that_survived_it()
    {
        Parts.Listeners.Clear();

        await RepairedAsync("+ listener of load balancer faafo");
        Assert.Equal((string?)Assert.Single(Parts.Pools)["id"], (string?)Assert.Single(Parts.Listeners)["default_pool_id"]);
    }

    [Fact]
    public async Task Pool_that_no_listener_uses_is_connected()
    {
        Parts.Listeners[0]["default_pool_id"] = null;

        await RepairedAsync("~ listener of load balancer faafo: gets its pool");
    }

    [Fact]
    public async Task Pool_is_created_with_its_monitor_and_members()
    {
        Parts.Pools.Clear();
        Parts.Monitors.Clear();
        Parts.Listeners[0]["default_pool_id"] = null;

        await RepairedAsync("+ pool of load balancer faafo", "+ health monitor of load balancer faafo",
            "+ member app-api-1 of load balancer faafo", "+ member app-api-2 of load balancer faafo");
    }

    [Fact]
    public async Task Members_are_the_apis_that_have_a_port()
    {
        var members = Parts.Pools[0]["members"]!.AsArray();
        members.Remove(members.Single(one => (string?)one!["name"] == "app-api-1"));
        members.Add(new JsonObject { ["id"] = "m", ["name"] = "app-api-9", ["address"] = "10.0.0.250", ["protocol_port"] = 80 });

        await RepairedAsync("+ member app-api-1 of load balancer faafo", "- member app-api-9 of load balancer faafo: no longer wanted");
        Assert.Equal(["app-api-1", "app-api-2"], Parts.Members.Select(one => (string?)one["name"]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parts_of_another_load_balancer_are_not_taken_for_its_own(bool filters)
    {
        Cloud.Balancers.AllowsFiltering = filters;
        Parts.Listeners.Insert(
            0, new JsonObject { ["id"] = "theirs", ["name"] = "faafo", ["loadbalancer_id"] = "x", ["protocol_port"] = 80 });
        Parts.Pools.Insert(0, new JsonObject
        {
            ["id"] = "theirs",
            ["name"] = "faafo",
            ["loadbalancer_id"] = "x",
            ["members"] = new JsonArray(new JsonObject { ["id"] = "m", ["address"] = "10.9.9.9", ["protocol_port"] = 80 }),
        });

        Assert.Empty(await PlanAsync());
        await EnsureAsync();

        Assert.Empty(Progress);
        Assert.Single(Parts.Pools[0]["members"]!.AsArray());
    }

    [Fact]
    public async Task Listener_that_somebody_added_to_the_balancer_stays()
    {
        Parts.Pools.Insert(0, new JsonObject
        {
            ["id"] = "admin",
            ["name"] = "admin",
            ["loadbalancer_id"] = (string?)Parts.Pools[0]["loadbalancer_id"],
            ["members"] = new JsonArray(),
        });
        Parts.Listeners.Insert(0, new JsonObject
        {
            ["id"] = "admin",
            ["loadbalancer_id"] = (string?)Parts.Listeners[0]["loadbalancer_id"],
            ["protocol_port"] = 8080,
            ["default_pool_id"] = "admin",
        });

        await EnsureAsync();

        Assert.Empty(Progress);
        Assert.Empty(Parts.Pools[0]["members"]!.AsArray());
    }

    [Fact]
    public async Task Network_without_a_subnet()
    {
        Cloud.Network.Subnets.RemoveAll(one => (string?)one["name"] == "faafo-api");

        Assert.Equal(["+ subnet of network faafo-api (10.0.2.0/24)"], await PlanAsync());
        await EnsureAsync();

        Assert.Equal(["+ subnet faafo-api (10.0.2.0/24)", "+ faafo-api attached to router faafo"], Progress);
        Assert.Empty(await PlanAsync());
    }

    [Fact]
    public async Task Router_without_an_interface()
    {
        var worker = (string?)Cloud.Network.Subnets.Find(one => (string?)one["name"] == "faafo-worker")!["id"];
        Cloud.Network.Ports.RemoveAll(one => (string?)one["fixed_ips"]![0]!["subnet_id"] == worker);

        Assert.Equal(["~ network faafo-worker: attached to router faafo"], await PlanAsync());
        await EnsureAsync();

        Assert.Equal(["+ faafo-worker attached to router faafo"], Progress);
        Assert.Empty(await PlanAsync());
    }

    [Fact]
    public async Task Router_without_a_gateway()
    {
        Cloud.Network.Routers[0]["external_gateway_info"] = null;

        await RepairedAsync("~ router faafo: gets its gateway to internet");
    }

    [Fact]
    public async Task Security_group_without_rules()
    {
        Cloud.Network.Groups.Find(one => (string?)one["name"] == "faafo-worker")!["security_group_rules"] = new JsonArray();

        Assert.Equal(["~ security group faafo-worker: gets tcp 22 from anywhere"], await PlanAsync());
        await EnsureAsync();

        Assert.Equal(["+ rule of faafo-worker: tcp 22 from anywhere"], Progress);
    }

    [Fact]
    public async Task Floating_address_of_the_load_balancer()
    {
        Cloud.Network.FloatingIPs.Clear();

        Assert.Equal(["+ floating address of load balancer faafo"], await PlanAsync());
        await EnsureAsync();

        Assert.Single(Progress);
        Assert.Empty(await PlanAsync());
    }

    // The next run reports the changes of the plan, and after it the plan is empty.
    private async Task RepairedAsync(params string[] changes)
    {
        Assert.Equal(changes, await PlanAsync());
        await EnsureAsync();
        var reported = changes.Select(change => change.Replace(": no longer wanted", "", StringComparison.Ordinal));
        Assert.Equal(reported.Order(StringComparer.Ordinal), Progress.Order(StringComparer.Ordinal));
        Assert.Empty(await PlanAsync());
    }
}
