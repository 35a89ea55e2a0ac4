using Faafo.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>
/// <c>faafo-scaler run --stack</c> on a stack of the guide's template and a real Heat. Nothing runs in this cloud's servers: the test has the
/// workers' heartbeats, and a worker on this host draws what is ordered.
/// </summary>
public sealed class StackScalingTests(GuideProject project) : IClassFixture<GuideProject>
{
    private const string Template = "faafo_autoscaling_workers";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Webhooks_are_called_as_the_queue_grows_and_shrinks()
    {
        await project.AssertEmptyAsync();
        await using var cloud = TestCloud.Connect("mycloud", Path.Combine(project.Folder, "clouds.yaml"));
        await CreateStackAsync(cloud);
        var (state, endpoint) = (Path.Combine(project.Folder, "stack"), $"http://127.0.0.1:{FreePort.Next()}");
        await using var api = ChildProcess.Start(TestFlock.PathOf("Faafo.Api", "faafo-api"), ["--state-dir", state, "--urls", endpoint]);
        var faafo = FaafoClient.Connect(new Uri(endpoint));
        await TestFlock.WaitUntilReadyAsync(api, faafo);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var playing = PlayAsync(cloud, faafo, end.Token);
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "flock.yaml"), "interval: 1s\ngroups: {worker: {policy: {scale_in_window: 2s}}}\n", Token);
        await using var run = Scaler("run");
        await WorkersAsync(1);
        var first = (await WorkerIdsAsync(cloud, Token)).Single();

        // What is ordered while the group is paused is not forgotten.
        await DoAsync("pause", "worker");
        for (var i = 1; i <= 12; i++)
        {
            await faafo.CreateAsync(Orders.Quick(i), Token);
        }
        await Eventually.TrueAsync("the scaler holds", async stop => (await faafo.GetNodesAsync(stop)).Any(node => node.Report.Note?.EndsWith("; paused", StringComparison.Ordinal) ?? false));
        Assert.Equal([first], await WorkerIdsAsync(cloud, Token));
        await DoAsync("resume", "worker");
        await WorkersAsync(3);
        Assert.Equal("3", await project.OpenStackAsync($"stack output show {Template} workers -f value -c output_value"));

        // One is lost, and Heat puts another in its place.
        var lost = (await WorkerIdsAsync(cloud, Token)).Last();
        await project.OpenStackAsync($"server delete --wait {lost}");
        await WorkersAsync(3);

        await using (var worker = ChildProcess.Start(TestFlock.PathOf("Faafo.Worker", "faafo-worker"), ["--state-dir", state, "--endpoint-url", endpoint]))
        {
            await Eventually.TrueAsync("all is drawn", async stop => (await faafo.GetQueueAsync(stop)).Unfinished == 0);
            Assert.Equal(0, await worker.StopAsync(Token));
        }
        await WorkersAsync(1);
        Assert.DoesNotContain(first, await WorkerIdsAsync(cloud, Token));
        Assert.Contains($"Removing worker-{first[..8]}: it has left", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Removing worker-{lost[..8]}: it died", run.Output, StringComparison.Ordinal);

        Assert.EndsWith("worker: 2 of 2 ready\n", await DoAsync("scale", "worker", "2"), StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync(Token));
        await end.CancelAsync();
        await playing;
        await project.OpenStackAsync($"stack delete --yes --wait {Template}");
        await project.AssertEmptyAsync();

        Task WorkersAsync(int count) => Eventually.GetAsync($"{count} workers, all of them heard", async stop =>
        {
            var there = string.Join(' ', (await WorkerIdsAsync(cloud, stop)).Select(id => $"worker-{id[..8]}").Order());
            var heard = string.Join(' ', (await faafo.GetNodesAsync(stop)).Where(node => node is { State: NodeState.Ready, Drain: false, Report.Slots: 1 }).Select(node => node.Name).Order());
            return run.HasExited ? throw new InvalidOperationException($"{run}") : (There: there, Heard: heard, Scaler: run);
        }, seen => seen.There == seen.Heard && seen.There.Split(' ').Length == count, Patience);

        ChildProcess Scaler(params string[] arguments) => ChildProcess.Start(TestFlock.PathOf("Faafo.Scaler", "faafo-scaler"),
            [.. arguments, "--cloud", "mycloud", "--stack", Template, "--endpoint-url", endpoint, "--flock", Path.Combine(project.Folder, "flock.yaml"), "--state-dir", state],
            new Dictionary<string, string> { ["OS_CLIENT_CONFIG_FILE"] = Path.Combine(project.Folder, "clouds.yaml") });

        async Task<string> DoAsync(params string[] arguments)
        {
            await using var child = Scaler(arguments);
            Assert.True(await child.WaitAsync(Token) == 0, $"{child}");
            return child.Output;
        }
    }

    private static async Task CreateStackAsync(OpenStackClient cloud)
    {
        var folder = Path.Combine(Guide.Root, "samples");
        await cloud.Orchestration.CreateStackAsync(new NewStack(Template, await File.ReadAllTextAsync(Path.Combine(folder, "heat", $"{Template}.yaml"), Token))
        {
            Parameters = new Dictionary<string, string>
            {
                ["image"] = TestCloud.ImageName,
                ["flavor"] = TestCloud.FlavorName,
                ["network"] = TestCloud.NetworkName,
                ["external_network"] = "public",
            },
            Files = new Dictionary<string, string> { ["../install.sh"] = await File.ReadAllTextAsync(Path.Combine(folder, "install.sh"), Token) },
        }, Token);
        await cloud.Orchestration.WaitUntilCompleteAsync(Template, Patience, Token);
    }

    // The oldest first.
    private static async Task<List<string>> WorkerIdsAsync(OpenStackClient cloud, CancellationToken cancellationToken) =>
        await cloud.Compute.ListServersAsync(cancellationToken: cancellationToken).Where(server => server is { Name: "worker", Status: "ACTIVE" })
            .OrderBy(server => server.Created).Select(server => server.Id).ToListAsync(cancellationToken);

    private static async Task PlayAsync(OpenStackClient cloud, IFaafoApi faafo, CancellationToken end)
    {
        var left = new HashSet<string>();
        var began = new Dictionary<string, DateTimeOffset>();
        try
        {
            while (true)
            {
                foreach (var id in (await WorkerIdsAsync(cloud, end)).Where(id => !left.Contains(id)))
                {
                    began.TryAdd(id, TimeProvider.System.GetUtcNow());
                    var report = new NodeReport
                    {
                        Role = "worker",
                        Cpus = 1,
                        LoadAverage = new LoadAverage(0, 0, 0),
                        Slots = 1,
                        StartedAt = began[id],
                        Interval = 10,
                    };
                    if ((await faafo.PutNodeAsync($"worker-{id[..8]}", report, end)).Drain)
                    {
                        left.Add(id);
                        await faafo.PutNodeAsync($"worker-{id[..8]}", report with { State = NodeState.Left }, end);
                    }
                }
                await Task.Delay(TimeSpan.FromMilliseconds(500), end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
