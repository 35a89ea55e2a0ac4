using System.Text.RegularExpressions;
using Faafo.Fractals;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Processes;
using Faafo.SystemTests.Servers;
using Faafo.Tests;
using Faafo.Tests.OpenStack.Fake;
using Faafo.Tests.Samples;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>
/// The chapters of samples/README.rst on a real cloud, by the command lines that stand there. Each is run with --keep, looked at by other eyes,
/// and run again, after which nothing may be left. With FAAFO_RECORD=1 what they print is written into the guide; without, it is compared.
/// </summary>
public sealed class ChapterTests(GuideProject project) : IClassFixture<GuideProject>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Getting_started()
    {
        var key = Path.Combine(project.Folder, "id_ed25519.pub");
        var output = await KeepAsync("getting_started", $" --key-file {key}");
        Assert.Equal(["all-in-one", "all-in-one ACTIVE", "default", "demokey", "private", "public", "router"], await NamesAsync());
        Assert.Equal("demokey all-in-one m1.nano", await WordsAsync("server show all-in-one -f value -c key_name -c flavor -c security_groups",
            "demokey", "all-in-one", "m1.nano"));
        Assert.Equal("22:22 80:80", await RulesAsync("all-in-one"));

        await RemoveAsync("getting_started", $" --key-file {key}");
        Assert.Contains("demokey", await project.InventoryAsync());      // It was there when the second run began.
        await project.OpenStackAsync("keypair delete demokey");
        await project.AssertEmptyAsync();
        Compare("getting_started", output);
    }

    [Fact]
    public async Task Introduction()
    {
        var output = await KeepAsync("introduction");
        Assert.Equal(
            ["all-in-one", "all-in-one ACTIVE", "app-controller ACTIVE", "app-worker-1 ACTIVE", "control", "default", "private", "public", "router", "worker"], await NamesAsync());
        Assert.Equal("22:22 5672:5672 80:80", await RulesAsync("control"));
        Assert.Equal("22:22", await RulesAsync("worker"));
        Assert.Equal(3, await AddressesAsync());

        await RemoveAsync("introduction");
        await project.AssertEmptyAsync();
        Compare("introduction", output);
    }

    [Fact]
    public async Task Scaling_out_after_the_chapters_before()
    {
        await project.OpenStackAsync(
            "security group create control --description faafo-guide-introduction -f value -c name",
            "server create all-in-one --image tiny-linux --flavor m1.nano --network private --tag faafo-guide-getting-started --wait -f value -c name");
        var output = await KeepAsync("scaling_out");
        Assert.Equal(
            ["api", "app-api-1 ACTIVE", "app-api-2 ACTIVE", "app-services ACTIVE", "app-worker-1 ACTIVE", "app-worker-2 ACTIVE", "app-worker-3 ACTIVE", "default", "private",
                "public", "router", "services", "worker"], await NamesAsync());
        Assert.Equal("22:22 5432:5432 5672:5672 5672:5672", await RulesAsync("services"));
        Assert.Equal(2, await AddressesAsync());

        await RemoveAsync("scaling_out");
        await project.AssertEmptyAsync();
        Compare("scaling_out", output);
    }

    [Fact]
    public async Task Networking()
    {
        var output = await KeepAsync("networking");
        Assert.Equal(
            ["api-1 ACTIVE", "api-2 ACTIVE", "api_network", "default", "faafo", "faafo_router", "private", "public", "router", "webserver-1 ACTIVE", "webserver-2 ACTIVE",
                "webserver_network", "worker-1 ACTIVE", "worker-2 ACTIVE", "worker_network"], await NamesAsync());
        Assert.Equal("10.0.1.0/24 10.0.2.0/24 10.0.3.0/24 10.1.0.0/24", Sorted(await project.OpenStackAsync("subnet list -f value -c Subnet")));
        Assert.Equal("HTTP HTTP", Sorted(await project.OpenStackAsync("loadbalancer listener list -f value -c protocol", "loadbalancer healthmonitor list -f value -c type")));
        Assert.Equal("80 80", Sorted(await project.OpenStackAsync("loadbalancer member list webservers -f value -c protocol_port")));
        Assert.Equal(2, await AddressesAsync());

        await RemoveAsync("networking");
        await project.AssertEmptyAsync();
        Compare("networking", output);
    }

    [Fact]
    public async Task Orchestration()
    {
        var endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        await using var api = ChildProcess.Start(
            TestFlock.PathOf("Faafo.Api", "faafo-api"), ["--state-dir", Path.Combine(project.Folder, "queue"), "--urls", endpoint]);
        var faafo = FaafoClient.Connect(new Uri(endpoint));
        await TestFlock.WaitUntilReadyAsync(api, faafo);
        for (var i = 1; i <= 12; i++)
        {
            await faafo.CreateAsync(Orders.Quick(i), Token);
        }
        var output = await KeepAsync("orchestration", $" --endpoint-url {endpoint}");
        Assert.Equal(["api ACTIVE", "faafo_autoscaling_workers", "services ACTIVE", "worker ACTIVE", "worker ACTIVE", "worker ACTIVE"],
            (await NamesAsync()).Where(name => name.Contains(" ACTIVE", StringComparison.Ordinal) || name == "faafo_autoscaling_workers").ToArray());
        Assert.Contains("scale_up", await project.OpenStackAsync("stack resource list faafo_autoscaling_workers -f value -c resource_name"), StringComparison.Ordinal);

        await RemoveAsync("orchestration");
        await project.AssertEmptyAsync();
        Compare("orchestration", output);
    }

    [Fact]
    public async Task Durability()
    {
        var state = Path.Combine(project.Folder, "state");
        var endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        await using var api = ChildProcess.Start(TestFlock.PathOf("Faafo.Api", "faafo-api"), ["--state-dir", state, "--urls", endpoint]);
        await using var worker = ChildProcess.Start(TestFlock.PathOf("Faafo.Worker", "faafo-worker"), ["--state-dir", state, "--endpoint-url", endpoint]);
        var faafo = FaafoClient.Connect(new Uri(endpoint));
        await TestFlock.WaitUntilReadyAsync(api, faafo);
        for (var i = 1; i <= 3; i++)
        {
            var order = Orders.Quick(i) with { Uuid = new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]) };
            await faafo.CreateAsync(order, Token);
            await Eventually.GetAsync("the fractal is drawn", stop => faafo.FindAsync(order.Uuid, stop), fractal => fractal?.Status == FractalStatus.Done);
        }
        var output = await KeepAsync("durability", $" --endpoint-url {endpoint}");
        Assert.Contains("fractals", await project.InventoryAsync());
        Assert.Equal("backup.png large.png", Sorted(await project.OpenStackAsync("object list fractals -f value -c Name")));
        Assert.Contains("drawn by a worker", await project.OpenStackAsync("object show fractals backup.png -f value -c properties"), StringComparison.Ordinal);

        await RemoveAsync("durability", $" --endpoint-url {endpoint}");
        await project.AssertEmptyAsync();
        Compare("durability", output);
    }

    /// <summary>The devcloud has no Cinder: the real one is missed in a line, and the steps are taken on a stand-in.</summary>
    [Fact]
    public async Task Block_storage()
    {
        var missed = await project.RunAsync(Command("block_storage"));
        Assert.Equal((1, "step-1: log in\n"), (missed.ExitCode, missed.Output));
        Assert.Equal("The cloud mycloud has no block-storage service (Cinder) in region RegionOne, only: compute, identity, image, load-balancer, network, object-store, "
            + "orchestration, placement.\n", missed.Error);
        await project.AssertEmptyAsync();

        await using var fake = await FakeCloud.StartAsync();
        Compare("block_storage", (await RunAsync("block_storage", "", cloudsYaml: await StandInAsync(fake))).Output);
        Assert.Equal(["POST volumes", "POST attachments", "DELETE attachments", "POST snapshots", "DELETE snapshots", "DELETE volumes"], fake.Volumes.Log);
        Assert.Empty((IEnumerable<object>)[.. fake.Volumes.Volumes, .. fake.Volumes.Snapshots, .. fake.Compute.Servers, .. fake.Network.Groups]);

        await RunAsync("block_storage", " --keep", cloudsYaml: await StandInAsync(fake));
        Assert.Equal(("test", "test_backup_1", "app-database"), ((string?)fake.Volumes.Volumes.Single()["name"], (string?)fake.Volumes.Snapshots.Single()["name"],
            (string?)fake.Compute.Servers.Single()["name"]));
    }

    [Theory]
    [InlineData("durability", "object-store", "(Swift)")]
    [InlineData("networking", "load-balancer", "(Octavia)")]
    [InlineData("orchestration", "orchestration", "(Heat)")]
    public async Task A_service_that_is_missing_is_named_before_anything_is_made(string chapter, string service, string people)
    {
        await using var fake = await FakeCloud.StartAsync();
        fake.Without.Add(service);
        var (exitCode, _, error) = await project.RunAsync(Command(chapter), await StandInAsync(fake));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"The cloud mycloud has no {service} service {people} in region One, only: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain(fake.Requests, request => request.Method != "GET" && !request.Path.EndsWith("/auth/tokens", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("scaling_out", "step-5")]
    [InlineData("networking", "step-5")]
    [InlineData("orchestration", "step-2")]
    public async Task Interrupted_chapter_leaves_nothing(string chapter, string at)
    {
        // Ctrl-C goes to all processes of a terminal; here the chapter is started without "dotnet run", which it has been built by before.
        Assert.Equal(0, (await project.RunAsync($"dotnet build samples/{chapter}.cs --nologo -v q")).ExitCode);
        await using var process = project.Start($"artifacts/samples/{chapter}/bin/debug/{chapter} --cloud mycloud");
        await Eventually.TrueAsync(at, _ => Task.FromResult(process.HasExited ? throw new InvalidOperationException($"{process}")
            : process.Output.Contains(at, StringComparison.Ordinal)), TimeSpan.FromMinutes(5));
        process.Interrupt();

        Assert.Equal(1, await process.WaitAsync(Token));
        Assert.EndsWith("Interrupted.\n", await File.ReadAllTextAsync(Path.Combine(project.Folder, "stderr.log"), Token), StringComparison.Ordinal);
        await project.AssertEmptyAsync();
    }

    // The line of the guide that runs a chapter.
    private static string Command(string chapter) =>
        File.ReadLines(Guide.File).Single(line => line.StartsWith($"    $ dotnet run samples/{chapter}.cs -- ", StringComparison.Ordinal))[6..]
            .Replace(" --keep", "", StringComparison.Ordinal);

    private async Task<(string Output, string Error)> RunAsync(string chapter, string options, string? cloudsYaml = null)
    {
        var (exitCode, output, error) = await project.RunAsync(Command(chapter) + options, cloudsYaml);
        Assert.True(exitCode == 0, $"{output}\n{error}");
        return (output, error);
    }

    private async Task<string> KeepAsync(string chapter, string options = "") => (await RunAsync(chapter, " --keep" + options)).Output;

    // The first run has built it.
    private async Task RemoveAsync(string chapter, string options = "")
    {
        var (exitCode, output, error) = await project.RunAsync(Command(chapter).Replace("dotnet run ", "dotnet run --no-build ", StringComparison.Ordinal) + options);
        Assert.True(exitCode == 0, $"{output}\n{error}");
    }

    private static void Compare(string chapter, string output)
    {
        var outputs = Guide.Outputs(output);
        if (Environment.GetEnvironmentVariable("FAAFO_RECORD") == "1")
        {
            Guide.Record(chapter, outputs);
        }
        var shown = Guide.Shown(chapter);
        Assert.Equal(shown.Keys, outputs.Keys);
        Assert.All(shown, step => Assert.Equal(Guide.Normalise(step.Value.Output), Guide.Normalise(outputs[step.Key])));
    }

    private async Task<string> StandInAsync(FakeCloud fake)
    {
        fake.Compute.ReadsUntilDone = 2;
        fake.Answer("GET", "/image/v2/images", """{"images":[{"id":"i1","name":"tiny-linux","status":"active","min_ram":0,"min_disk":0}]}""");
        fake.Answer("GET", "/compute/v2.1/flavors/detail", """{"flavors":[{"id":"f1","name":"m1.nano","ram":64,"vcpus":1,"disk":1}]}""");
        var file = Path.Combine(project.Folder, "stand-in.yaml");
        await File.WriteAllTextAsync(file, $$"""
            clouds:
              mycloud:
                auth: {auth_url: {{fake.Url}}/identity/v3, username: demo, password: {{FakeCloud.Password}}, project_name: demo, user_domain_id: default, project_domain_id: default}
                region_name: One
            """, Token);
        return file;
    }

    private async Task<IReadOnlyList<string>> NamesAsync() => [.. (await project.InventoryAsync()).Where(line => !Regex.IsMatch(line, @"^[\d.]+$"))];

    private async Task<int> AddressesAsync() => (await project.InventoryAsync()).Count(line => Regex.IsMatch(line, @"^[\d.]+$"));

    private async Task<string> RulesAsync(string group) =>
        Sorted(string.Join('\n', Regex.Matches(await project.OpenStackAsync($"security group rule list {group} --ingress -f value"), @"\b\d+:\d+\b").Select(match => match.Value)));

    // Which of some words an output has, in the order given.
    private async Task<string> WordsAsync(string command, params string[] words)
    {
        var output = await project.OpenStackAsync(command);
        return string.Join(' ', words.Where(word => output.Contains(word, StringComparison.Ordinal)));
    }

    private static string Sorted(string lines) => string.Join(' ', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).Order(StringComparer.Ordinal));
}
