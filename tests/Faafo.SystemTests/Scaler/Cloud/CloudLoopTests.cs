using Faafo.OpenStack;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>The control loop on servers of a real Nova.</summary>
public sealed class CloudLoopTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loop_replaces_dead_and_failed_servers_and_backs_off_at_the_quota()
    {
        const string groups = "{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 1, max: 4}}";
        await using var flock = await CloudFlock.CreateAsync(groups, "instances 3");
        await flock.DoAsync("up", "--once");
        var run = await flock.RunLoopAsync();
        var first = await OneWorkerAsync("");

        // Nova reports a failed server.
        await using (var admin = TestCloud.Connect("devcloud-admin"))
        {
            using var reset = await admin.Session.SendAsync(ServiceType.Compute, HttpMethod.Post, $"/servers/{first}/action",
                """{"os-resetState": {"state": "error"}}"""u8.ToArray(), Ct);
        }
        var second = await OneWorkerAsync(first);

        // A server runs, but its heartbeats stop.
        await flock.Guests.WaitUntilReadyAsync("app-worker-1");
        flock.Guests.Silent[second] = true;
        flock.Write(groups.Replace("max: 4", "max: 4, policy: {boot_timeout: 5s}", StringComparison.Ordinal));
        await CloudFlock.PrintsAsync(run, "Removing app-worker-1: it has been silent for ");
        flock.Write(groups);
        await OneWorkerAsync(second);
        await flock.Guests.WaitUntilReadyAsync("app-worker-1");

        await flock.Guests.Api.PutGroupAsync(new Nodes.GroupOverrides("worker", Paused: false, Size: 3), Ct);
        await CloudFlock.PrintsAsync(run, "; the last 4 failed, next try in ");
        // A cause that repeats is written once, for each of the two workers.
        Assert.InRange(run.Output.Split("Provider failed: cannot create app-worker-").Length - 1, 1, 2);
        Assert.Contains("Quota exceeded for instances", run.Output, StringComparison.Ordinal);
        Assert.Equal(CloudFlock.All(apis: 1, workers: 1), await flock.Project.ListAsync());

        await flock.Guests.Api.PutGroupAsync(new Nodes.GroupOverrides("worker", Paused: false, Size: null), Ct);
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());

        async Task<string> OneWorkerAsync(string before) => (await Eventually.GetAsync($"a worker instead of {before}",
            token => flock.ServersAsync(token),
            servers => servers.Count(server => server.Name == "app-worker-1" && server.Status == "ACTIVE" && server.Id != before) == 1
            && servers.Count == 3,
            TimeSpan.FromMinutes(3))).Single(server => server.Name == "app-worker-1").Id;
    }
}
