using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>The lease between two processes, in a real Swift.</summary>
public sealed class LeaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standby_takes_over_from_a_suspended_scaler_which_changes_nothing_when_it_continues()
    {
        await using var flock = await CloudFlock.CreateAsync("{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 1, max: 2}}");
        await flock.DoAsync("up", "--once");
        var first = await flock.RunLoopAsync();
        var standby = flock.Start("run");
        await CloudFlock.PrintsAsync(standby, $"a scaler (process {first.Id} on ");
        await CloudFlock.PrintsAsync(standby, "runs the flock 'faafo': standing by");

        first.Freeze();
        await CloudFlock.PrintsAsync(standby, "Waiting for the API at");
        first.Thaw();

        Assert.Equal(1, await first.WaitAsync(Ct));
        Assert.Contains("this scaler stops and changes nothing more", first.Output, StringComparison.Ordinal);
        Assert.Contains("worker: 2 of 2 ready\n", await flock.DoAsync("scale", "worker", "2"), StringComparison.Ordinal);
        Assert.Equal(CloudFlock.All(apis: 1, workers: 2), await flock.Project.ListAsync());
        Assert.Equal(0, await standby.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }
}
