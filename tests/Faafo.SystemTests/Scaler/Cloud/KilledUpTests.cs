using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>A scaler that is killed at any moment leaves nothing that the next does not find.</summary>
public sealed class KilledUpTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_up_that_is_killed_at_twenty_moments_is_continued_without_an_orphan_or_a_double()
    {
        const int kills = 20;
        const int seed = 20261125;
        var random = new Random(seed);
        await using var flock = await CloudFlock.CreateAsync("{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 2, max: 2}}");
        for (var kill = 0; kill < kills; kill++)
        {
            var up = flock.Start("up", "--once");
            // From nothing on, each gets a little further: a few things, and a moment into what comes after them.
            await KillAsync(up, " + ", things: random.Next(5));
            if (up.Output.Contains("+ server ", StringComparison.Ordinal))
            {
                // It has come far: something is to be taken away before the next.
                await KillAsync(flock.Start("down"), " - ", things: random.Next(20));
            }
        }

        var finished = await flock.DoAsync("up", "--once");
        Assert.Contains("Everything has joined", finished, StringComparison.Ordinal);
        Assert.Equal(CloudFlock.All(apis: 1, workers: 2), await flock.Project.ListAsync());
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);

        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());

        async Task KillAsync(ChildProcess scaler, string sign, int things)
        {
            await Eventually.TrueAsync($"{things} things", _ => Task.FromResult(
                scaler.HasExited || scaler.Output.Split('\n').Count(line => line.Contains(sign, StringComparison.Ordinal)) >= things), TimeSpan.FromMinutes(5));
            await Task.Delay(random.Next(things == 0 ? 4000 : 1000), Ct);
            await scaler.KillAsync();
        }
    }
}
