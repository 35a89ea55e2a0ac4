using Faafo.TestKit.OpenStack.Simulation;
using Xunit;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>
/// A day of operation: the load rises and falls, 1% of all calls fail in one of the ways in which services fail, and of 0.1% the response
/// is lost. An init system starts the scaler again when it ends. In the end the cloud holds what the flock wants, and nothing else.
/// </summary>
[Collection(SimulationCollection.Name)]
public sealed class SimulatedDayTests(ITestOutputHelper output)
{
    private const string Yaml = """
        transport_url: amqp://queue/
        database_url: postgresql://database/faafo
        groups: {api: {min: 2, max: 4}, worker: {min: 2, max: 8, policy: {tasks_per_worker: 4, scale_in_window: 60s}}}
        """;

    private static readonly string[] Apis = ["app-api-1", "app-api-2"];

    [Fact]
    public async Task Day_with_failing_calls_and_lost_responses_ends_with_exactly_the_wanted_instances()
    {
        var length = Campaign.IsLong ? TimeSpan.FromHours(24) : TimeSpan.FromHours(2);
        using var flock = new SimulatedFlock(Yaml);
        var world = new SimulatedWorld();
        world.Close();
        Assert.True(await flock.UpAsync(world, new SimulatedProgram(world)), flock.Output);
        var start = world.Clock.Now;
        var random = new Random(Campaign.Seed);
        // One server in fifty fails to boot. Three waves of load in two hours.
        world.Nova.Fails = () => world.Clock.Now - start < length && random.Next(50) == 0;
        world.Api.Tasks = now => now - start < length ? (long)Math.Max(0, 30 * Math.Sin((now - start).TotalMinutes / 6.4)) : 0;
        var weather = new SimulatedWeather(new Random(Campaign.Seed), failing: 0.01, lost: 0.001);
        var (starts, calls) = (0, 0);
        while (world.Clock.Now - start < length)
        {
            var scaler = new SimulatedProgram(world) { Weather = weather };
            await flock.RunAsync(world, scaler, start + length - world.Clock.Now);
            scaler.Kill();
            starts++;
            calls += scaler.Calls;
            world.Clock.Advance(TimeSpan.FromSeconds(10));
        }
        var changes = world.Writes.Count;

        // The load has ended, and the weather is fine: the time that the longest of its windows and pauses takes.
        world.Clock.Advance(SimulatedFlock.Aftermath);
        Assert.True(await flock.RunAsync(world, new SimulatedProgram(world), TimeSpan.FromMinutes(15)), flock.Output);
        world.Clock.Advance(TimeSpan.FromSeconds(20));
        world.Nova.Step();

        output.WriteLine($"{calls} calls, {weather.Faults} faults, {changes} changes, {starts} starts, seed {Campaign.Seed}");
        Assert.True(weather.Faults > calls / 200, $"{weather.Faults} faults in {calls} calls");
        Assert.Equal([], FlockAudit.Find(world, [.. Apis, "app-worker-1", "app-worker-2"], Apis, addresses: 2));
    }
}
