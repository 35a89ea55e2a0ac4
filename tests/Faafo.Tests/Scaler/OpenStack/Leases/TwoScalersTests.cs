using System.Text.Json.Nodes;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Faafo.Tests.Scaler.Crash;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Leases;

/// <summary>
/// Two scalers on one flock for an hour, with suspensions, kills, cut and hanging requests and steps of their wall clocks: the log of the
/// cloud never shows one after the other has begun.
/// </summary>
public sealed class TwoScalersTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false, 60)]
    [InlineData(4, true, 20)]       // a store that ignores If-None-Match
    public async Task Two_scalers_never_act_at_the_same_time(int seed, bool ignoresConditions, int minutes)
    {
        var seconds = (Campaign.IsLong ? 60 : minutes) * 60;
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.TokenLife = TimeSpan.FromDays(30);
        cloud.Swift.Containers.Add("faafo");
        cloud.Swift.IgnoresConditions = ignoresConditions;
        var world = new FakeTimeProvider(cloud.Time.GetUtcNow());
        var random = new Random(seed);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var all = new List<SimulatedScaler>();
        var lives = new List<Task>();
        var time = new SimulatedTime(world, () => all.Sum(scaler => scaler.Activity));
        var running = new[] { Start(), Start() };

        for (var second = 0; second < seconds; second++)
        {
            await time.PassAsync(TimeSpan.FromSeconds(1));
            foreach (var scaler in running)
            {
                await Task.Run(scaler.Disturb, Ct);
            }
            if (random.NextDouble() < 1 / 300.0)
            {
                var killed = random.Next(running.Length);
                running[killed].Time.Suspend();     // It never continues.
                running[killed] = Start();
            }
        }
        await end.CancelAsync();
        Assert.Null(lives.Find(life => life.IsFaulted)?.Exception);

        var actors = cloud.Seen("POST", "/security-groups").Select(seen => (string)JsonNode.Parse(seen.Body!)!["security_group"]!["name"]!)
            .ToArray();
        var turns = actors.Where((actor, index) => index == 0 || actors[index - 1] != actor).ToArray();
        var told = $"{actors.Length} calls in {turns.Length} turns, {all.Count} processes, {all.Sum(scaler => scaler.Losses)} leases lost";
        Assert.True(turns.Distinct().Count() == turns.Length, $"a scaler acted after another had begun: {told}");
        // It is no proof if they hardly acted.
        Assert.True(actors.Length > seconds / 10 && turns.Length > seconds / 360 && all.Exists(scaler => scaler.Losses > 0), told);

        SimulatedScaler Start()
        {
            var scaler = new SimulatedScaler(cloud, world, random.Next());
            all.Add(scaler);
            lives.Add(Task.Run(() => scaler.RunAsync(end.Token), Ct));
            return scaler;
        }
    }
}
