using Faafo.TestKit.OpenStack.Simulation;
using Xunit;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>
/// A scaler that is killed before and after each of its calls to cloud and API, and is run again with the same input: at most two rounds
/// later nothing is orphaned, nothing exists twice, and nothing of others was touched.
/// </summary>
[Collection(SimulationCollection.Name)]
public sealed class KillPointTests(ITestOutputHelper output)
{
    private const int Rounds = 2;
    private const string Policy = "policy: {tasks_per_worker: 4, scale_in_window: 10s}";
    private const string Hosted = "transport_url: amqp://queue/\ndatabase_url: postgresql://database/faafo\n";
    private const string Shared = Hosted + "groups: {api: {min: 1, max: 1}, worker: {min: 2, max: 4, " + Policy + "}}";
    private const string Networks = "networks: {worker: 10.9.1.0/24, api: 10.9.2.0/24, services: 10.9.3.0/24}\nlb: haproxy\n"
        + "groups: {api: {min: 2, max: 3}, worker: {min: 1, max: 3}}";
    private const string Octavia = Hosted + "lb: octavia\ngroups: {api: {min: 2, max: 2}, worker: {min: 1, max: 2}}";

    private static readonly string[] Small = ["app-api-1", "app-worker-1", "app-worker-2"];

    [Theory]
    [InlineData(Shared, 10, "app-api-1 app-worker-1 app-worker-2", "app-api-1", 1)]
    [InlineData(Networks, 10, "app-api-1 app-api-2 app-lb app-services app-worker-1", "app-api-1 app-api-2 app-lb app-services", 1)]
    [InlineData(Octavia, 10, "app-api-1 app-api-2 app-worker-1", "app-api-1 app-api-2", 1)]
    public Task Up_that_is_killed_at_any_call_is_completed_by_the_next(
        string yaml, int sample, string instances, string stable, int addresses) => KillAsync(
        yaml, sample, prepare: null, (flock, world, program) => flock.UpAsync(world, program), recover: null,
        world => FlockAudit.Find(world, instances.Split(' '), stable.Split(' '), addresses));

    [Fact]
    public Task Loop_that_is_killed_at_any_call_is_continued_by_the_next() => KillAsync(
        Shared, 12, UpAsync,
        async (flock, world, program) =>
        {
            // Tasks for a minute, and a worker that fails after half of it.
            var start = world.Clock.Now;
            world.Api.Tasks = now => now - start < TimeSpan.FromSeconds(60) ? 16 : 0;
            await using var failure = program.CreateTimer(_ => Fail(world), null, TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
            return await flock.RunAsync(world, program, TimeSpan.FromSeconds(180));
        },
        (flock, world, program) => flock.RunAsync(world, program, TimeSpan.FromSeconds(240)),
        world => FlockAudit.Find(world, Small, ["app-api-1"], 1));

    [Fact]
    public Task Roll_that_is_killed_at_any_call_is_continued_by_the_next() => KillAsync(
        Shared, 8, UpAsync, RollAsync, RollAsync, world => FlockAudit.Find(world, Small, ["app-api-1"], 1));

    [Fact]
    public Task Scaler_that_is_killed_during_a_roll_is_replaced_by_the_next() => KillAsync(
        Shared, 4, UpAsync,
        async (flock, world, scaler) =>
        {
            var command = new SimulatedProgram(world);
            var ended = await flock.RollAsync(world, command, scaler);
            command.Kill();
            return ended;
        },
        RollAsync, world => FlockAudit.Find(world, Small, ["app-api-1"], 1));

    [Theory]
    [InlineData(Shared, 10)]
    [InlineData(Networks, 10)]
    [InlineData(Octavia, 10)]
    public Task Down_that_is_killed_at_any_call_is_completed_by_the_next(string yaml, int sample) => KillAsync(
        yaml, sample, UpAsync, (flock, world, program) => flock.DownAsync(world, program), recover: null, FlockAudit.FindLeft);

    private static async Task UpAsync(SimulatedFlock flock, SimulatedWorld world) =>
        Assert.True(await flock.UpAsync(world, new SimulatedProgram(world)), flock.Output);

    private static async Task<bool?> RollAsync(SimulatedFlock flock, SimulatedWorld world, SimulatedProgram program)
    {
        var scaler = new SimulatedProgram(world);
        var ended = await flock.RollAsync(world, program, scaler);
        scaler.Kill();
        return ended;
    }

    private static void Fail(SimulatedWorld world)
    {
        lock (world.State)
        {
            var worker = world.Nova.Servers.Find(one => (string?)one["name"] == "app-worker-1");
            if (worker is not null)
            {
                worker["status"] = "ERROR";
            }
        }
    }

    private async Task KillAsync(
        string yaml, int sample, Func<SimulatedFlock, SimulatedWorld, Task>? prepare,
        Func<SimulatedFlock, SimulatedWorld, SimulatedProgram, Task<bool?>> run,
        Func<SimulatedFlock, SimulatedWorld, SimulatedProgram, Task<bool?>>? recover, Func<SimulatedWorld, List<string>> audit)
    {
        var whole = await RunAsync(killedAt: 0, after: false);
        Assert.True(whole.Problems.Length == 0, $"without a kill: {whole.Problems}");
        var failures = new List<string>();
        var runs = 0;
        foreach (var call in Campaign.Choose(whole.Calls, sample))
        {
            foreach (var after in (bool[])[false, true])
            {
                runs++;
                var (problems, _) = await RunAsync(call, after);
                if (problems.Length > 0)
                {
                    failures.Add($"killed {(after ? "after" : "before")} call {call} of {whole.Calls}: {problems}");
                }
            }
        }
        output.WriteLine($"{runs} kills at {whole.Calls} calls, seed {Campaign.Seed}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {runs}, seed {Campaign.Seed}\n{string.Join('\n', failures.Take(10))}");

        async Task<(string Problems, int Calls)> RunAsync(int killedAt, bool after)
        {
            using var flock = new SimulatedFlock(yaml);
            var world = new SimulatedWorld();
            world.Close();
            await (prepare?.Invoke(flock, world) ?? Task.CompletedTask);
            var program = new SimulatedProgram(world) { KilledAt = killedAt, KilledAfter = after };
            var done = await run(flock, world, program);
            if (killedAt == 0 && done != true)
            {
                return ($"failed: {flock.Output}", program.Calls);
            }
            program.Kill();
            var rounds = killedAt == 0 ? Rounds : 0;
            for (; rounds < Rounds && done != true; rounds++)
            {
                world.Clock.Advance(SimulatedFlock.Aftermath);
                done = await (recover ?? run)(flock, world, new SimulatedProgram(world));
            }
            // What was deleted last is gone a moment later.
            world.Clock.Advance(TimeSpan.FromSeconds(20));
            world.Nova.Step();
            world.Octavia.Step();
            var found = audit(world);
            if (done != true)
            {
                found.Add($"not done after {Rounds} rounds: {flock.Output}");
            }
            return (string.Join("; ", found), program.Calls);
        }
    }
}
