using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.TestKit.OpenStack.Simulation;
using Xunit;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>The members of a load balancer that takes some time for each change.</summary>
[Collection(SimulationCollection.Name)]
public sealed class BalancerMemberTests
{
    private const string Yaml = """
        transport_url: amqp://queue/
        database_url: postgresql://database/faafo
        """;

    // The next API with the port of a removed one has its address.
    [Fact]
    public async Task Api_that_follows_a_removed_one_at_once_becomes_a_member()
    {
        using var flock = new SimulatedFlock(Yaml);
        var world = new SimulatedWorld();

        var ended = await flock.WithCloudAsync(world, new SimulatedProgram(world), async cloud =>
        {
            var names = new ResourceNames("faafo", SimulatedWorld.Project, "One", ForeignResources.Id);
            var balancer = new OctaviaBalancer(cloud, names, _ => { });
            await balancer.EnsureAsync("n1", external: null, CancellationToken.None);
            await balancer.AddAsync("app-api-2", "10.0.0.7", CancellationToken.None);
            await balancer.RemoveAsync("10.0.0.7", CancellationToken.None);
            await balancer.AddAsync("app-api-2", "10.0.0.7", CancellationToken.None);
        });
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        world.Octavia.Step();

        Assert.True(ended, flock.Output);
        Assert.Equal("10.0.0.7", (string?)Assert.Single(world.Octavia.Of("members"))["address"]);
    }
}
