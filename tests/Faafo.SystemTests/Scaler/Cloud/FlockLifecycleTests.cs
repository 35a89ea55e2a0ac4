using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>The life of a flock on the real control plane of an OpenStack; the openstack command line counts the resources.</summary>
public sealed class FlockLifecycleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flock_is_created_scaled_and_removed_without_touching_other_resources()
    {
        await using var flock = await CloudFlock.CreateAsync(
            "{api: {min: 2, max: 3}, worker: {min: 1, max: 4, policy: {scale_in_window: 1s}}}");
        var cloud = flock.Project.Client;
        // The user's own resources: a group of the same name, a free address that the flock will use, and a container.
        var group = await cloud.Networking.CreateSecurityGroupAsync("faafo-worker", "not the flock's", Ct);
        var address = await cloud.Networking.AllocateFloatingIPAsync((await cloud.Networking.FindNetworkAsync("public", Ct)).Id,
            cancellationToken: Ct);
        await cloud.ObjectStorage.CreateContainerAsync("holidays", cancellationToken: Ct);
        var before = await flock.Project.ListAsync();
        Assert.Equal(["container holidays", $"floating address {address.Address}", "security group faafo-worker"], before);

        var (code, plan) = await flock.RunAsync("plan");
        Assert.True(code == 3, plan);
        Assert.Contains("+ server app-worker-1: tiny-linux, m1.nano\n", plan, StringComparison.Ordinal);
        Assert.Contains(
            "+ security group faafo-services: tcp 22 from anywhere, tcp 5432 from api, tcp 5672 from api, tcp 5672 from worker\n", plan,
            StringComparison.Ordinal);
        Assert.Contains("  instances: 0 -> 4 of 1000\n", plan, StringComparison.Ordinal);
        Assert.Contains("  floating addresses: 1 -> 2 of ", plan, StringComparison.Ordinal);
        Assert.Equal(before, await flock.Project.ListAsync());

        var up = await flock.DoAsync("up", "--once");
        Assert.Contains("app-worker-1 has joined", up, StringComparison.Ordinal);
        string[] own = ["container holidays", "security group faafo-worker"];
        var there = await flock.Project.ListAsync();
        var addresses = there.Where(line => line.StartsWith("floating address", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, addresses.Length);
        Assert.Contains($"floating address {address.Address}", addresses);
        Assert.Equal(CloudFlock.All(apis: 2, workers: 1, [.. own, .. addresses]), there);
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);

        var run = await flock.RunLoopAsync();
        Assert.Contains("worker: 3 of 3 ready\n", await flock.DoAsync("scale", "worker", "3"), StringComparison.Ordinal);
        Assert.Equal(CloudFlock.All(2, 3, [.. own, .. addresses]), await flock.Project.ListAsync());
        var (second, refusal) = await flock.RunAsync("up");
        Assert.Equal(1, second);
        Assert.Contains($"a scaler (process {run.Id} on ", refusal, StringComparison.Ordinal);
        Assert.Contains("app-worker-3", await flock.DoAsync("nodes"), StringComparison.Ordinal);
        Assert.Contains("worker: not paused, size set to 3\n", await flock.DoAsync("status"), StringComparison.Ordinal);

        await flock.DoAsync("pause", "worker");
        Assert.Contains("worker: paused, size set to 3\n", await flock.DoAsync("status"), StringComparison.Ordinal);
        await flock.DoAsync("resume");
        Assert.EndsWith("app-worker-2 has left\n", await flock.DoAsync("drain", "app-worker-2"), StringComparison.Ordinal);
        await flock.DoAsync("scale", "worker", "1");
        await Eventually.GetAsync("one worker", _ => flock.Project.ListAsync(),
            list => list.SequenceEqual(CloudFlock.All(2, 1, [.. own, .. addresses]))
            || list.Count(line => line.StartsWith("server app-worker-", StringComparison.Ordinal)) == 1,
            TimeSpan.FromMinutes(2));
        var old = await WorkersAsync();
        Assert.Equal("worker: nothing to roll\n", await flock.DoAsync("roll", "worker"));
        Assert.EndsWith("worker: 1 of 1 replaced\n", await flock.DoAsync("roll", "worker", "--all"), StringComparison.Ordinal);
        Assert.NotEqual(Assert.Single(old), Assert.Single(await WorkersAsync()));
        Assert.Equal(0, await run.StopAsync(Ct));

        var down = await flock.DoAsync("down");
        Assert.Contains($"floating address {address.Address} is kept: the project had it before the flock", down, StringComparison.Ordinal);
        Assert.Equal(before, await flock.Project.ListAsync());
        Assert.Contains("Nothing of the flock 'faafo'", await flock.DoAsync("down"), StringComparison.Ordinal);

        await cloud.Networking.DeleteFloatingIPAsync(address.Id, Ct);
        await cloud.Networking.DeleteSecurityGroupAsync(group.Id, cancellationToken: Ct);
        await cloud.ObjectStorage.DeleteContainerAsync("holidays", Ct);

        async Task<string[]> WorkersAsync() => [.. (await flock.ServersAsync(Ct))
            .Where(server => server.Name.StartsWith("app-worker-", StringComparison.Ordinal)).Select(server => server.Id)];
    }

    [Fact]
    public async Task Balancer_removed_from_the_file_is_deleted_after_the_workers_use_another_address()
    {
        const string groups = "{api: {min: 1, max: 1}, worker: {min: 1, max: 1}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        string[] balancer = ["server app-lb", "port faafo-app-lb", "security group faafo-lb"];
        flock.Write(groups, lb: "haproxy");
        await flock.DoAsync("up", "--once");
        var balanced = await flock.Project.ListAsync();
        var address = Assert.Single(balanced, line => line.StartsWith("floating address", StringComparison.Ordinal));
        Assert.Equal(CloudFlock.All(apis: 1, workers: 1, [.. balancer, address]), balanced);
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);

        flock.Write(groups);
        var (code, plan) = await flock.RunAsync("plan");
        Assert.True(code == 3, plan);
        string[] gone = ["server app-lb", address, "port faafo-app-lb", "security group faafo-lb"];
        Assert.Equal(
            ["~ security group faafo-api: gets tcp 80 from anywhere", "~ security group faafo-api: loses tcp 80",
                "+ floating address of app-api-1",
            "~ server app-worker-1: changed (roll worker)", .. gone.Select(what => $"- {what}: no longer wanted")],
            plan.Split('\n').Where(line => line.Length > 0 && line[0] is '+' or '-' or '~'));
        Assert.Equal(balanced, await flock.Project.ListAsync());

        var up = await flock.DoAsync("up", "--once");
        Assert.Contains("worker: 1 of 1 replaced\n", up, StringComparison.Ordinal);
        var plain = await flock.Project.ListAsync();
        var other = Assert.Single(plain, line => line.StartsWith("floating address", StringComparison.Ordinal));
        Assert.NotEqual(address, other);
        // The successor of the only worker has the next name.
        Assert.Equal(CloudFlock.All(1, 1, other).Select(line => line.Replace("app-worker-1", "app-worker-2", StringComparison.Ordinal)),
            plain);
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        Assert.DoesNotContain(await flock.Guests.Api.GetNodesAsync(Ct), node => node.Name == "app-lb");

        flock.Write(groups, lb: "haproxy");
        await flock.DoAsync("up", "--once");
        balanced = await flock.Project.ListAsync();
        address = Assert.Single(balanced, line => line.StartsWith("floating address", StringComparison.Ordinal));
        Assert.NotEqual(other, address);
        Assert.Equal(CloudFlock.All(1, 1, [.. balancer, address]), balanced);
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }

    [Fact]
    public async Task Octavia_balances_the_running_APIs_and_is_deleted_with_the_flock()
    {
        // The balancers of the test cloud have no port to which a floating address could point.
        const string groups = "{lb: {floating_ip: false}, api: {min: 2, max: 3}, worker: {min: 1, max: 1}}";
        await using var flock = await CloudFlock.CreateAsync(groups);
        flock.Write(groups, lb: "octavia");
        var (code, plan) = await flock.RunAsync("plan");
        Assert.True(code == 3, plan);
        Assert.Contains("+ load balancer faafo\n", plan, StringComparison.Ordinal);

        await flock.DoAsync("up", "--once");
        var there = CloudFlock.All(apis: 2, workers: 1, "load balancer faafo");
        Assert.Equal(there, await flock.Project.ListAsync());
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        var balancer = Assert.Single((await flock.Project.ShowAsync("loadbalancer list")).EnumerateArray());
        Assert.Equal("ACTIVE", balancer.GetProperty("provisioning_status").GetString());
        var listener = Assert.Single((await flock.Project.ShowAsync("loadbalancer listener list")).EnumerateArray());
        Assert.Equal(("HTTP", 80), (listener.GetProperty("protocol").GetString(), listener.GetProperty("protocol_port").GetInt32()));
        var pool = Assert.Single((await flock.Project.ShowAsync("loadbalancer pool list")).EnumerateArray()).GetProperty("id").GetString();
        Assert.Equal(pool, listener.GetProperty("default_pool_id").GetString());
        Assert.Equal("HTTP",
            Assert.Single((await flock.Project.ShowAsync("loadbalancer healthmonitor list")).EnumerateArray()).GetProperty("type")
            .GetString());
        Assert.Equal(await ApisAsync(), await MembersAsync());

        var run = await flock.RunLoopAsync();
        await flock.DoAsync("scale", "api", "3");
        Assert.Equal(3, (await MembersAsync()).Length);
        Assert.Equal(await ApisAsync(), await MembersAsync());
        await flock.DoAsync("scale", "api", "2");
        // The member is deleted before the port.
        await Eventually.GetAsync("the third API's port is deleted", _ => flock.Project.ListAsync(), list => list.SequenceEqual(there),
            TimeSpan.FromMinutes(2));
        var members = await MembersAsync();
        Assert.Equal(await ApisAsync(), members);
        Assert.Equal(2, members.Length);
        Assert.EndsWith("Nothing to do\n", await flock.DoAsync("plan"), StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync(Ct));

        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
        foreach (var kind in (string[])["listener", "pool", "healthmonitor"])
        {
            Assert.Empty((await flock.Project.ShowAsync($"loadbalancer {kind} list")).EnumerateArray());
        }

        async Task<string[]> MembersAsync() => [.. (await flock.Project.ShowAsync($"loadbalancer member list {pool}")).EnumerateArray()
            .Select(member => $"{member.GetProperty("name").GetString()} {member.GetProperty("address").GetString()}")
            .Order(StringComparer.Ordinal)];

        async Task<string[]> ApisAsync() =>
            [.. (await flock.ServersAsync(Ct)).Where(server => server.Name.StartsWith("app-api-", StringComparison.Ordinal))
            .Select(server => $"{server.Name} {server.FixedAddresses.Single()}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Two_concurrent_ups_create_one_flock()
    {
        await using var flock = await CloudFlock.CreateAsync("{api: {min: 1, max: 1, floating_ip: false}, worker: {min: 1, max: 1}}");
        var results = await Task.WhenAll(flock.RunAsync("up", "--once"), flock.RunAsync("up", "--once"));

        Assert.Contains(results, result => result.ExitCode == 0);
        Assert.All(results, result =>
            Assert.True(result.ExitCode == 0 || result.Output.Contains("runs the flock 'faafo' already", StringComparison.Ordinal),
                result.Output));
        Assert.Equal(CloudFlock.All(apis: 1, workers: 1), await flock.Project.ListAsync());
        await flock.DoAsync("down");
        Assert.Empty(await flock.Project.ListAsync());
    }

    [Fact]
    public async Task Insufficient_quota_is_rejected_before_anything_is_created()
    {
        await using var flock = await CloudFlock.CreateAsync("{api: {min: 2, max: 2, floating_ip: false}, worker: {min: 3, max: 3}}",
            "instances 3");

        var (code, plan) = await flock.RunAsync("plan");
        Assert.True(code == 3, plan);
        Assert.Contains("  instances: 0 -> 6 of 3  <- too small\n", plan, StringComparison.Ordinal);
        (code, var up) = await flock.RunAsync("up");

        Assert.Equal(1, code);
        Assert.Equal(
            "the project's quota is too small: instances: 0 -> 6 of 3; lower min in flock.yaml, choose a smaller flavor, "
            + "or ask for a larger quota. "
            + "Nothing was created\n", up);
        Assert.Empty(await flock.Project.ListAsync());
    }
}
