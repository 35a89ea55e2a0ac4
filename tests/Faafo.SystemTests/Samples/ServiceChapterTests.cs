using Faafo.Fractals;
using Faafo.SystemTests.Flock;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>The chapters about one service each: balancers, objects, volumes.</summary>
public sealed class ServiceChapterTests(GuideProject project) : ChapterTest(project)
{
    [Fact]
    public async Task Networking()
    {
        var output = await KeepAsync("networking");
        Assert.Equal(
            ["api-1 ACTIVE", "api-2 ACTIVE", "api_network", "default", "faafo", "faafo_router", "private", "public", "router",
                "webserver-1 ACTIVE", "webserver-2 ACTIVE",
                "webserver_network", "worker-1 ACTIVE", "worker-2 ACTIVE", "worker_network"], await NamesAsync());
        Assert.Equal("10.0.1.0/24 10.0.2.0/24 10.0.3.0/24 10.1.0.0/24",
            Sorted(await Project.OpenStackAsync("subnet list -f value -c Subnet")));
        Assert.Equal("HTTP HTTP",
            Sorted(await Project.OpenStackAsync("loadbalancer listener list -f value -c protocol",
                "loadbalancer healthmonitor list -f value -c type")));
        Assert.Equal("80 80", Sorted(await Project.OpenStackAsync("loadbalancer member list webservers -f value -c protocol_port")));
        Assert.Equal(2, await AddressesAsync());

        await RunAsync("networking");
        await Project.AssertEmptyAsync();
        Compare("networking", output);
    }

    [Fact]
    public async Task Durability()
    {
        var state = Path.Combine(Project.Folder, "state");
        var endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        await using var api = ChildProcess.Start(TestFlock.PathOf("Faafo.Api", "faafo-api"), ["--state-dir", state, "--urls", endpoint]);
        await using var worker = ChildProcess.Start(TestFlock.PathOf("Faafo.Worker", "faafo-worker"),
            ["--state-dir", state, "--endpoint-url", endpoint]);
        var faafo = FaafoClient.Connect(new Uri(endpoint));
        await TestFlock.WaitUntilReadyAsync(api, faafo);
        for (var i = 1; i <= 3; i++)
        {
            var task = TestTasks.Quick(i) with { Uuid = new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]) };
            await faafo.CreateAsync(task, Token);
            await Eventually.GetAsync("the fractal is drawn", stop => faafo.FindAsync(task.Uuid, stop), fractal =>
                fractal?.Status == FractalStatus.Done);
        }
        var output = await KeepAsync("durability", $" --endpoint-url {endpoint}");
        Assert.Contains("fractals", await Project.InventoryAsync());
        Assert.Equal("backup.png large.png", Sorted(await Project.OpenStackAsync("object list fractals -f value -c Name")));
        Assert.Contains("drawn by a worker", await Project.OpenStackAsync("object show fractals backup.png -f value -c properties"),
            StringComparison.Ordinal);

        await RunAsync("durability", $" --endpoint-url {endpoint}");
        await Project.AssertEmptyAsync();
        Compare("durability", output);
    }

    /// <summary>The devcloud has no Cinder: the chapter fails with one line there, and its steps run on a fake cloud.</summary>
    [Fact]
    public async Task Block_storage()
    {
        var missing = await TryAsync("block_storage");
        Assert.Equal((1, "step-1: log in\n"), (missing.ExitCode, missing.Output));
        Assert.Equal(
            "the cloud mycloud has no block-storage service (Cinder) in region RegionOne, "
            + "only: compute, identity, image, load-balancer, network, object-store, "
            + "orchestration, placement\n", missing.Error);
        await Project.AssertEmptyAsync();

        await using var fake = await FakeOpenStack.StartAsync();
        Compare("block_storage", await RunAsync("block_storage", cloudsYaml: await WriteFakeCloudAsync(fake)));
        Assert.Equal(["POST volumes", "POST attachments", "DELETE attachments", "POST snapshots", "DELETE snapshots", "DELETE volumes"],
            fake.Volumes.Log);
        Assert.Empty(
            (IEnumerable<object>)[.. fake.Volumes.Volumes, .. fake.Volumes.Snapshots, .. fake.Compute.Servers, .. fake.Network.Groups]);

        await KeepAsync("block_storage", cloudsYaml: await WriteFakeCloudAsync(fake));
        Assert.Equal(("test", "test_backup_1", "app-database"),
            ((string?)fake.Volumes.Volumes.Single()["name"], (string?)fake.Volumes.Snapshots.Single()["name"],
            (string?)fake.Compute.Servers.Single()["name"]));
    }

    [Theory]
    [InlineData("durability", "object-store", "(Swift)")]
    [InlineData("networking", "load-balancer", "(Octavia)")]
    [InlineData("orchestration", "orchestration", "(Heat)")]
    public async Task Missing_service_is_reported_before_anything_is_created(string chapter, string service, string project)
    {
        await using var fake = await FakeOpenStack.StartAsync();
        fake.Without.Add(service);
        var (exitCode, _, error) = await TryAsync(chapter, await WriteFakeCloudAsync(fake));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"the cloud mycloud has no {service} service {project} in region One, only: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain(fake.Requests, request => request.Method != "GET"
            && !request.Path.EndsWith("/auth/tokens", StringComparison.Ordinal));
    }
}
