using System.Text.Json;
using Faafo.OpenStack;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>How the instances of a group are replaced on the real control plane of an OpenStack.</summary>
public sealed class RollOnACloudTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_loop_takes_a_new_flavor_over_and_only_those_that_have_another_are_rolled()
    {
        const string groups = "{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 2, max: 3}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        await flock.DoAsync("up", "--once");
        var run = await flock.RunLoopAsync();

        flock.Write(groups.Replace("max: 3", "max: 3, flavor: nowhere", StringComparison.Ordinal));
        await CloudFlock.SaysAsync(run, ": groups.worker.flavor: ");
        Assert.Matches(@"The changed file is not followed: \S+flock\.yaml:\d+:\d+: groups\.worker\.flavor: .*nowhere", run.Output);
        flock.Write(groups.Replace("max: 3", "max: 3, flavor: m1.tiny", StringComparison.Ordinal));
        await CloudFlock.SaysAsync(run, "flock.yaml has changed and is followed from now on");
        var (code, plan) = await flock.RunAsync("plan");
        Assert.True(code == 3, plan);
        Assert.StartsWith("~ server app-worker-1: changed (roll worker)\n~ server app-worker-2: changed (roll worker)\n  ", plan, StringComparison.Ordinal);
        // One that comes now is new already.
        await flock.DoAsync("scale", "worker", "3");

        var roll = await flock.DoAsync("roll", "worker");

        Assert.Equal("worker: 2 to replace, one at a time\nworker: 1 of 2 replaced\nworker: 2 of 2 replaced\n", roll);
        Assert.Equal("worker: nothing to roll\n", await flock.DoAsync("roll", "worker"));
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        var flavors = (await flock.ServersAsync(Ct)).ToLookup(server => server.Flavor!.OriginalName, server => server.Name);
        Assert.Equal(3, flavors["m1.tiny"].Count(name => name.StartsWith("app-worker-", StringComparison.Ordinal)));
        Assert.Equal(["app-api-1", "app-services"], flavors[TestCloud.FlavorName].Order());
        Assert.Equal(1 + 1 + 3 + 2, await EverMadeAsync(flock));
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }

    [Fact]
    public async Task A_roll_that_is_killed_with_its_loop_is_continued_and_replaces_each_once()
    {
        const string groups = "{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 3, max: 3}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        await flock.DoAsync("up", "--once");
        var run = await flock.RunLoopAsync();
        var old = await IdsAsync(flock, "worker");
        flock.Write(groups.Replace("max: 3", "max: 3, flavor: m1.tiny", StringComparison.Ordinal));
        await CloudFlock.SaysAsync(run, "is followed from now on");

        // Where it hurts: one is replaced, and the successor of the next has just been asked for.
        var roll = flock.Start("roll", "worker");
        await CloudFlock.SaysAsync(roll, "worker: 1 of 3 replaced");
        await Eventually.TrueAsync("the next successor", async token => (await flock.ServersAsync(token)).Count(server => server.Name.Contains("worker", StringComparison.Ordinal)) == 4,
            TimeSpan.FromMinutes(1));
        await roll.KillAsync();
        await run.KillAsync();
        Assert.Equal(2, (await IdsAsync(flock, "worker")).Count(old.Contains));

        run = await flock.RunLoopAsync();
        var rest = await flock.DoAsync("roll", "worker");

        Assert.EndsWith("replaced\n", rest, StringComparison.Ordinal);
        Assert.StartsWith("worker: continuing an earlier roll; ", rest, StringComparison.Ordinal);
        Assert.Empty((await IdsAsync(flock, "worker")).Intersect(old));
        Assert.Equal(3, (await IdsAsync(flock, "worker")).Count);
        Assert.Equal(2 + 3 + 3, await EverMadeAsync(flock));
        Assert.Equal("worker: nothing to roll\n", await flock.DoAsync("roll", "worker"));
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }

    [Fact]
    public async Task Rolled_APIs_are_in_the_end_where_the_old_ones_were()
    {
        const string groups = "{api: {min: 2, max: 3}, worker: {min: 1, max: 1}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        await flock.DoAsync("up", "--once");
        var before = await flock.Project.ListAsync();
        var (old, addresses) = (await IdsAsync(flock, "api"), await AddressesAsync());
        var run = await flock.RunLoopAsync();
        flock.Write(groups.Replace("max: 3", "max: 3, flavor: m1.tiny", StringComparison.Ordinal));

        Assert.EndsWith("api: 2 of 2 replaced\n", await flock.DoAsync("roll", "api"), StringComparison.Ordinal);

        // The first successor had another address, which is given back when the second is where it was wanted.
        var after = await Eventually.GetAsync("two APIs in their places", _ => flock.Project.ListAsync(), list => list.SequenceEqual(before), TimeSpan.FromMinutes(2));
        Assert.Equal(before, after);
        Assert.Empty((await IdsAsync(flock, "api")).Intersect(old));
        Assert.Equal(addresses, await AddressesAsync());
        Assert.Equal(2 + 2 + 3, await EverMadeAsync(flock));
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());

        // Which address is whose, as users know them.
        async Task<string[]> AddressesAsync() => [.. (await flock.ServersAsync(Ct)).Where(server => server.Name.StartsWith("app-api-", StringComparison.Ordinal))
            .Select(server => $"{server.Name}: {string.Join(' ', server.Addresses.Values.SelectMany(all => all).Select(one => one.Address).Order())}").Order()];
    }

    private static async Task<HashSet<string>> IdsAsync(CloudFlock flock, string group) => [.. (await flock.ServersAsync(Ct))
        .Where(server => server.Name.StartsWith($"app-{group}-", StringComparison.Ordinal)).Select(server => server.Id)];

    // Nova keeps the rows of servers that are deleted, and shows them to the administrator: none was made without anybody seeing it.
    private static async Task<int> EverMadeAsync(CloudFlock flock)
    {
        var project = (await flock.Project.Client.Session.GetTokenAsync(Ct)).Project!.Id;
        await using var admin = TestCloud.Connect("devcloud-admin");
        var count = 0;
        foreach (var deleted in (string[])["false", "true"])
        {
            using var response = await admin.Session.SendAsync(ServiceType.Compute, HttpMethod.Get,
                $"/servers?all_tenants=1&project_id={project}&deleted={deleted}", cancellationToken: Ct);
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(Ct), default, Ct);
            count += answer.RootElement.GetProperty("servers").GetArrayLength();
        }
        return count;
    }
}
