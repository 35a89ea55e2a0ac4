using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>A scaler that is killed at any moment leaves only resources that the next one finds.</summary>
public sealed class KilledUpTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_killed_twenty_times_is_completed_without_orphans_or_duplicates()
    {
        const int kills = 20;
        const int seed = 20261125;
        var random = new Random(seed);
        await using var flock = await CloudFlock.CreateAsync("{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 2, max: 2}}");
        for (var kill = 0; kill < kills; kill++)
        {
            var up = flock.Start("up", "--once");
            // Each gets a little further than the one before: a few resources, and a moment into the next one.
            await KillAsync(up, " + ", count: random.Next(5));
            if (up.Output.Contains("+ server ", StringComparison.Ordinal))
            {
                // It got far: remove some resources before the next one.
                await KillAsync(flock.Start("down"), " - ", count: random.Next(20));
            }
        }

        var finished = await flock.DoAsync("up", "--once");
        Assert.Contains("Everything has joined", finished, StringComparison.Ordinal);
        Assert.Equal(CloudFlock.All(apis: 1, workers: 2), await flock.Project.ListAsync());
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);

        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());

        async Task KillAsync(ChildProcess scaler, string sign, int count)
        {
            await Eventually.TrueAsync($"{count} resources", _ => Task.FromResult(
                scaler.HasExited || scaler.Output.Split('\n').Count(line => line.Contains(sign, StringComparison.Ordinal)) >= count),
                TimeSpan.FromMinutes(5));
            await Task.Delay(random.Next(count == 0 ? 4000 : 1000), Ct);
            await scaler.KillAsync();
        }
    }
}
