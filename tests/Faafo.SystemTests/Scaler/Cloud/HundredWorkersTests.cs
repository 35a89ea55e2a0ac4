using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>A large flock.</summary>
public sealed class HundredWorkersTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hundred_workers_are_added_and_removed()
    {
        const string groups = "{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 1, max: 100, policy: {boot_timeout: 5m}}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        flock.Write(groups, interval: "5s");    // the usual interval, because each round reads all hundred servers from Nova
        await flock.DoAsync("up", "--once");
        var run = await flock.RunLoopAsync();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Assert.EndsWith("worker: 100 of 100 ready\n", await flock.DoAsync("scale", "worker", "100"), StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage($"99 more workers in {clock.Elapsed.TotalSeconds:0} s");
        Assert.Equal(CloudFlock.All(apis: 1, workers: 100), await flock.Project.ListAsync());

        clock.Restart();
        await flock.DoAsync("scale", "worker", "1");
        await Eventually.GetAsync("the end of 99", token => flock.Guests.Api.GetNodesAsync(token),
            nodes => nodes.Count(node => node.Name.StartsWith("app-worker-", StringComparison.Ordinal)) == 1, TimeSpan.FromMinutes(5));
        Assert.Equal(3, (await flock.ServersAsync(Ct)).Count);
        TestContext.Current.SendDiagnosticMessage($"99 workers fewer in {clock.Elapsed.TotalSeconds:0} s");
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }
}
