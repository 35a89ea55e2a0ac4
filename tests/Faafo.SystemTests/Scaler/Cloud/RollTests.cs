using System.Text.Json;
using Faafo.OpenStack;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary><c>roll</c> on the real control plane of an OpenStack.</summary>
public sealed class RollTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changed_flavor_is_reloaded_and_only_drifted_servers_are_rolled()
    {
        const string groups = "{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 2, max: 3}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        await flock.DoAsync("up", "--once");
        var run = await flock.RunLoopAsync();

        flock.Write(groups.Replace("max: 3", "max: 3, flavor: nowhere", StringComparison.Ordinal));
        await CloudFlock.PrintsAsync(run, ": groups.worker.flavor: ");
        Assert.Matches(@"Reload failed, the previous flock stays in effect: \S+flock\.yaml:\d+:\d+: groups\.worker\.flavor: .*nowhere",
            run.Output);
        flock.Write(groups.Replace("max: 3", "max: 3, flavor: m1.tiny", StringComparison.Ordinal));
        await CloudFlock.PrintsAsync(run, "Reloaded ");
        var (code, plan) = await flock.RunAsync("plan");
        Assert.True(code == 3, plan);
        Assert.StartsWith("~ server app-worker-1: changed (roll worker)\n~ server app-worker-2: changed (roll worker)\n  ", plan,
            StringComparison.Ordinal);
        // A server that is added now is not drifted.
        await flock.DoAsync("scale", "worker", "3");

        var roll = await flock.DoAsync("roll", "worker");

        Assert.Equal("worker: 2 to replace, one at a time\nworker: 1 of 2 replaced\nworker: 2 of 2 replaced\n", roll);
        Assert.Equal("worker: nothing to roll\n", await flock.DoAsync("roll", "worker"));
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        var flavors = (await flock.ServersAsync(Ct)).ToLookup(server => server.Flavor!.OriginalName, server => server.Name);
        Assert.Equal(3, flavors["m1.tiny"].Count(name => name.StartsWith("app-worker-", StringComparison.Ordinal)));
        Assert.Equal(["app-api-1", "app-services"], flavors[TestCloud.FlavorName].Order());
        Assert.Equal(1 + 1 + 3 + 2, await CountCreatedAsync(flock));
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }

    [Fact]
    public async Task Killed_roll_continues_and_replaces_each_server_once()
    {
        const string groups = "{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 3, max: 3}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        await flock.DoAsync("up", "--once");
        var run = await flock.RunLoopAsync();
        var old = await IdsAsync(flock, "worker");
        flock.Write(groups.Replace("max: 3", "max: 3, flavor: m1.tiny", StringComparison.Ordinal));
        await CloudFlock.PrintsAsync(run, "Reloaded ");

        // The worst moment: one is replaced, and the successor of the next has just been requested.
        var roll = flock.Start("roll", "worker");
        await CloudFlock.PrintsAsync(roll, "worker: 1 of 3 replaced");
        await Eventually.TrueAsync("the next successor", async token =>
            (await flock.ServersAsync(token)).Count(server => server.Name.Contains("worker", StringComparison.Ordinal)) == 4,
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
        Assert.Equal(2 + 3 + 3, await CountCreatedAsync(flock));
        Assert.Equal("worker: nothing to roll\n", await flock.DoAsync("roll", "worker"));
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }

    [Fact]
    public async Task Rolled_APIs_keep_their_names_and_addresses()
    {
        const string groups = "{api: {min: 2, max: 3}, worker: {min: 1, max: 1}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        await flock.DoAsync("up", "--once");
        var before = await flock.Project.ListAsync();
        var old = await IdsAsync(flock, "api");
        var addresses = await AddressesAsync();
        var run = await flock.RunLoopAsync();
        flock.Write(groups.Replace("max: 3", "max: 3, flavor: m1.tiny", StringComparison.Ordinal));

        Assert.EndsWith("api: 2 of 2 replaced\n", await flock.DoAsync("roll", "api"), StringComparison.Ordinal);

        // The first successor used a third ordinal, which is removed once the second successor has its own.
        var after = await Eventually.GetAsync("two APIs with their ordinals", _ => flock.Project.ListAsync(), list =>
            list.SequenceEqual(before), TimeSpan.FromMinutes(2));
        Assert.Equal(before, after);
        Assert.Empty((await IdsAsync(flock, "api")).Intersect(old));
        Assert.Equal(addresses, await AddressesAsync());
        Assert.Equal(2 + 2 + 3, await CountCreatedAsync(flock));
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync(Ct));
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());

        // Lists the addresses of each API.
        async Task<string[]> AddressesAsync() =>
            [.. (await flock.ServersAsync(Ct)).Where(server => server.Name.StartsWith("app-api-", StringComparison.Ordinal))
            .Select(server =>
                $"{server.Name}: {string.Join(' ', server.Addresses.Values.SelectMany(all => all).Select(one => one.Address).Order())}")
                .Order()];
    }

    private static async Task<HashSet<string>> IdsAsync(CloudFlock flock, string group) => [.. (await flock.ServersAsync(Ct))
        .Where(server => server.Name.StartsWith($"app-{group}-", StringComparison.Ordinal)).Select(server => server.Id)];

    // Counts all servers that were ever created: Nova keeps the rows of deleted servers and lists them for an administrator.
    private static async Task<int> CountCreatedAsync(CloudFlock flock)
    {
        var project = (await flock.Project.Client.Session.GetTokenAsync(Ct)).Project!.Id;
        await using var admin = TestCloud.Connect("devcloud-admin");
        var count = 0;
        foreach (var deleted in (string[])["false", "true"])
        {
            using var response = await admin.Session.SendAsync(ServiceType.Compute, HttpMethod.Get,
                $"/servers?all_tenants=1&project_id={project}&deleted={deleted}", cancellationToken: Ct);
            using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(Ct), default, Ct);
            count += document.RootElement.GetProperty("servers").GetArrayLength();
        }
        return count;
    }
}
