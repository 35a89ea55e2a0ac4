using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Repair;

/// <summary>
/// <c>up</c> is killed right before and right after each of its changes. The next one completes what is there, and leaves the same as one
/// that was never killed: nothing twice, and nothing that belongs to nothing.
/// </summary>
public sealed class InterruptedUpTests : RepairTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Next_run_leaves_the_same_as_one_that_was_not_cut(bool after)
    {
        var undisturbed = new CutTransport(at: 0, after);
        await RunAsync(Cloud, undisturbed);
        var expected = Describe(Cloud);
        Assert.Empty(await PlanAsync());
        Assert.InRange(undisturbed.Changes, 35, 60);
        Assert.Contains("health monitor of pool faafo", expected);

        for (var at = 1; at <= undisturbed.Changes; at++)
        {
            await using var cloud = await FakeOpenStack.StartAsync();
            var cut = new CutTransport(at, after);
            await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(cloud, cut));

            await using var client = cloud.Client();
            await EnsureAsync(client, Ct);

            Assert.Equal(expected, Describe(cloud));
        }
    }

    [Fact]
    public async Task Complete_flock_is_not_changed()
    {
        await EnsureAsync();
        await EnsureAsync();

        Assert.Empty(Progress);
    }

    private async Task RunAsync(FakeOpenStack cloud, CutTransport transport)
    {
        await using var client = cloud.Client(options: new OpenStackClientOptions { Transport = transport });
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(transport.Killed, Ct);
        await EnsureAsync(client, killed.Token);
    }

    // Without ids and addresses, which differ from run to run.
    private static string[] Describe(FakeOpenStack cloud)
    {
        var network = cloud.Network;
        var parts = cloud.Balancers.Parts;
        return
        [
            .. new IEnumerable<string>[]
            {
                network.Networks.Skip(2).Select(one => $"network {one["name"]}"),
                network.Subnets.Select(one => $"subnet {one["name"]} {one["cidr"]}"),
                network.Routers.Select(one => $"router {one["name"]} to {one["external_gateway_info"]?["network_id"]}"),
                network.Groups.Select(one => $"group {one["name"]}: {Rules(one)}"),
                network.Ports.Select(one => $"port {one["name"]} {one["device_owner"]} in {NameOf(network.Networks, one["network_id"])}"),
                network.FloatingIPs.Select(one => $"floating address of {one["port_id"]}"),
                cloud.Balancers.Listed.Select(one => $"balancer {one["name"]}"),
                parts.Listeners.Select(one => $"listener {one["name"]} to {NameOf(parts.Pools, one["default_pool_id"])}"),
                parts.Pools.Select(one => $"pool {one["name"]}"),
                parts.Monitors.Select(one => $"health monitor of pool {NameOf(parts.Pools, one["pool_id"])}"),
                parts.Members.Select(one => $"member {one["name"]}"),
                cloud.Swift.Containers.Select(name => $"container {name}"),
                cloud.Swift.Objects.Keys.Select(name => $"object {name}"),
                cloud.Identity.Credentials.Select(one => $"credential {one.Description}"),
                cloud.Compute.KeyPairs.Select(one => $"key pair {one["name"]}"),
            }.SelectMany(lines => lines).Order(StringComparer.Ordinal),
        ];

        string Rules(JsonObject group) => string.Join(", ", group["security_group_rules"]!.AsArray()
            .Select(rule => $"{rule!["port_range_min"]} from {NameOf(network.Groups, rule["remote_group_id"])}")
            .Order(StringComparer.Ordinal));

        static string? NameOf(List<JsonObject> all, JsonNode? id) =>
            (string?)all.Find(one => (string?)one["id"] == (string?)id)?["name"];
    }
}
