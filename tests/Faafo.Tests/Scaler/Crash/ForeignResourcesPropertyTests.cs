using CsCheck;
using Faafo.Nodes;
using Faafo.Scaler.Spec;
using Faafo.TestKit.OpenStack.Simulation;
using Xunit;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>
/// Whatever a flock's programs go through, among resources of others of every kind that resemble its own, with faults, kills and an
/// administrator's login: <c>up</c>, <c>run</c>, <c>roll</c>, <c>scale</c>, <c>down</c> and the scope of the samples change none of them.
/// </summary>
[Collection(SimulationCollection.Name)]
public sealed class ForeignResourcesPropertyTests(ITestOutputHelper output)
{
    private const string Yaml = """
        transport_url: amqp://queue/
        database_url: postgresql://database/faafo
        network: inside
        external_network: internet
        groups: {api: {min: 1, max: 2}, worker: {min: 1, max: 2, policy: {tasks_per_worker: 4, scale_in_window: 10s}}}
        """;

    private const string OwnNetworks = """
        transport_url: amqp://queue/
        database_url: postgresql://database/faafo
        external_network: internet
        networks: {worker: 10.9.1.0/24, api: 10.9.2.0/24, services: 10.9.3.0/24}
        lb: octavia
        groups: {api: {min: 1, max: 2}, worker: {min: 1, max: 2, policy: {tasks_per_worker: 4, scale_in_window: 10s}}}
        """;

    private const int Long = 10_000;
    private const int Short = 40;

    private int _runs;
    private int _changes;
    private int _completed;

    [Fact]
    public async Task No_program_changes_a_resource_of_others()
    {
        await Gen.Select(ForeignResources.Any, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Int[0, int.MaxValue])
            .SampleAsync(RunAsync, iter: Campaign.IsLong ? Long : Short, threads: Campaign.IsLong ? Environment.ProcessorCount : 1,
                seed: Environment.GetEnvironmentVariable("CsCheck_Seed"));
        output.WriteLine($"{_runs} runs, {_changes} changes, {_completed} commands that completed");
        Assert.True(_completed > Short, $"only {_completed} commands completed");
    }

    private async Task RunAsync(ForeignResources.Foreign[] foreign, bool isAdmin, bool hasNetworks, bool hasId, int badness, int seed)
    {
        var world = new SimulatedWorld { IsAdmin = isAdmin };
        ForeignResources.Into(world, foreign);
        using var flock = new SimulatedFlock((hasId ? $"id: {ForeignResources.Id}\n" : "") + (hasNetworks ? OwnNetworks : Yaml));
        var random = new Random(seed);
        var weather = new SimulatedWeather(new Random(seed), failing: 0.01 * badness, lost: 0.003 * badness);
        world.Api.Tasks = _ => random.Next(12);

        Count(await flock.UpAsync(world, Next(kill: badness > 0, most: 150)));
        ForeignResources.IntoContainer(world, foreign);
        Count(await flock.UpAsync(world, Next(kill: false)));
        Count(await flock.RunAsync(world, Next(kill: badness > 1, most: 120), TimeSpan.FromSeconds(90)));
        Count(await flock.RollAsync(world, Next(kill: badness > 2, most: 60), Next(kill: false)));
        Count(await flock.WithCloudAsync(world, Next(kill: false), _ => SimulatedFlock.ConnectApi(world, Next(kill: false))
            .PutGroupAsync(FlockSpec.Worker, new GroupOverrides(FlockSpec.Worker, Paused: false, Size: 2), CancellationToken.None)));
        Count(await flock.RunAsync(world, Next(kill: false), TimeSpan.FromSeconds(60)));
        Count(await flock.DownAsync(world, Next(kill: badness > 0, most: 60)));
        ForeignResources.AddSample(world);
        Count(await flock.WithCloudAsync(
            world, Next(kill: false), async cloud => await cloud.Scope(ForeignResources.ScopeMark).RemoveAsync()));
        Count(await flock.DownAsync(world, Next(kill: false)));

        Interlocked.Increment(ref _runs);
        Interlocked.Add(ref _changes, world.Writes.Count);
        Assert.Empty(world.Violations);
        Assert.Empty(world.Unknown);

        SimulatedProgram Next(bool kill, int most = 1)
        {
            world.Clock.Advance(SimulatedFlock.Aftermath);
            return new SimulatedProgram(world)
            {
                Weather = badness > 0 ? weather : null,
                KilledAt = kill ? 1 + random.Next(most) : 0,
                KilledAfter = random.Next(2) == 0,
            };
        }
    }

    private void Count(bool? ended) => Interlocked.Add(ref _completed, ended == true ? 1 : 0);
}
