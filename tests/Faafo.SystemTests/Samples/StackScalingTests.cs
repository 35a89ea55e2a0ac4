using Faafo.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Orchestration;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>
/// <c>faafo-scaler run --stack</c> on a stack of the guide's template and a real Heat. The servers of this cloud are empty: the test sends
/// the heartbeats of the workers, and a worker on this host draws the tasks.
/// </summary>
public sealed class StackScalingTests(GuideProject project) : IClassFixture<GuideProject>
{
    private const string Template = "faafo_autoscaling_workers";

    private static readonly TimeSpan OperationTimeout = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Webhooks_are_called_as_the_queue_grows_and_shrinks()
    {
        await project.AssertEmptyAsync();
        await using var cloud = TestCloud.Connect("mycloud", Path.Combine(project.Folder, "clouds.yaml"));
        await CreateStackAsync(cloud);
        var state = Path.Combine(project.Folder, "stack");
        var endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        await using var api = ChildProcess.Start(TestFlock.PathOf("Faafo.Api", "faafo-api"), ["--state-dir", state, "--urls", endpoint]);
        var faafo = FaafoClient.Connect(new Uri(endpoint));
        await TestFlock.WaitUntilReadyAsync(api, faafo);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var heartbeats = SendHeartbeatsAsync(cloud, faafo, end.Token);
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "flock.yaml"),
            "interval: 1s\ngroups: {worker: {policy: {scale_in_window: 2s}}}\n", Token);
        await using var run = Scaler("run");
        await WorkersAsync(1);
        var first = (await WorkerIdsAsync(cloud, Token)).Single();

        // Tasks that arrive while the group is paused count after resume.
        await DoAsync("pause", "worker");
        for (var i = 1; i <= 12; i++)
        {
            await faafo.CreateAsync(TestTasks.Quick(i), Token);
        }
        await Eventually.TrueAsync("the scaler pauses", async stop =>
            (await faafo.GetNodesAsync(stop)).Any(node => node.Report.Note?.EndsWith("; paused", StringComparison.Ordinal) ?? false));
        Assert.Equal([first], await WorkerIdsAsync(cloud, Token));
        await DoAsync("resume", "worker");
        await WorkersAsync(3);
        Assert.Equal("3", await project.OpenStackAsync($"stack output show {Template} workers -f value -c output_value"));

        // Heat replaces a lost server.
        var lost = (await WorkerIdsAsync(cloud, Token)).Last();
        await project.OpenStackAsync($"server delete --wait {lost}");
        await WorkersAsync(3);

        await using (var worker = ChildProcess.Start(TestFlock.PathOf("Faafo.Worker", "faafo-worker"),
            ["--state-dir", state, "--endpoint-url", endpoint]))
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
        await heartbeats;
        await project.OpenStackAsync($"stack delete --yes --wait {Template}");
        // The command returns with Heat's last event, after which Heat removes the stack itself.
        await Eventually.TrueAsync("the stack is gone", async _ => !(await project.InventoryAsync()).Contains(Template));
        await project.AssertEmptyAsync();

        Task WorkersAsync(int count) => Eventually.GetAsync($"{count} workers, all with heartbeats", async stop =>
        {
            var servers = string.Join(' ', (await WorkerIdsAsync(cloud, stop)).Select(id => $"worker-{id[..8]}").Order());
            var nodes = string.Join(' ',
                (await faafo.GetNodesAsync(stop)).Where(node => node is { State: NodeState.Ready, Drain: false, Report.Slots: 1 })
                .Select(node => node.Name).Order());
            return run.HasExited ? throw new InvalidOperationException($"{run}") : (Servers: servers, Nodes: nodes, Scaler: run);
        }, seen => seen.Servers == seen.Nodes && seen.Servers.Split(' ').Length == count, OperationTimeout);

        ChildProcess Scaler(params string[] arguments) => ChildProcess.Start(TestFlock.PathOf("Faafo.Scaler", "faafo-scaler"),
            [.. arguments, "--cloud", "mycloud", "--stack", Template, "--endpoint-url", endpoint, "--flock",
                Path.Combine(project.Folder, "flock.yaml"), "--state-dir", state],
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
        await cloud.Orchestration.CreateStackAsync(
            new NewStack(Template, await File.ReadAllTextAsync(Path.Combine(folder, "heat", $"{Template}.yaml"), Token))
            {
                Parameters = new Dictionary<string, string>
                {
                    ["image"] = TestCloud.ImageName,
                    ["flavor"] = TestCloud.FlavorName,
                    ["network"] = TestCloud.NetworkName,
                    ["external_network"] = "public",
                },
                Files = new Dictionary<string, string>
                {
                    ["../install.sh"] = await File.ReadAllTextAsync(Path.Combine(folder, "install.sh"),
                Token)
                },
            }, Token);
        await cloud.Orchestration.WaitUntilCompleteAsync(Template, OperationTimeout, Token);
    }

    // Lists the ids of the workers, oldest first.
    private static async Task<List<string>> WorkerIdsAsync(OpenStackClient cloud, CancellationToken cancellationToken) =>
        await cloud.Compute.ListServersAsync(cancellationToken: cancellationToken)
        .Where(server => server.Name == "worker" && server.Status == ServerStatus.Active)
            .OrderBy(server => server.Created).Select(server => server.Id).ToListAsync(cancellationToken);

    private static async Task SendHeartbeatsAsync(OpenStackClient cloud, IFaafoApi faafo, CancellationToken end)
    {
        var exited = new HashSet<string>();
        var startedAt = new Dictionary<string, DateTimeOffset>();
        try
        {
            while (true)
            {
                foreach (var id in (await WorkerIdsAsync(cloud, end)).Where(id => !exited.Contains(id)))
                {
                    startedAt.TryAdd(id, TimeProvider.System.GetUtcNow());
                    var report = new NodeReport
                    {
                        Role = "worker",
                        Cpus = 1,
                        LoadAverage = new LoadAverage(0, 0, 0),
                        Slots = 1,
                        StartedAt = startedAt[id],
                        Interval = 10,
                    };
                    if ((await faafo.PutNodeAsync($"worker-{id[..8]}", report, end)).Drain)
                    {
                        exited.Add(id);
                        await faafo.PutNodeAsync($"worker-{id[..8]}", report with { State = NodeState.Left }, end);
                    }
                }
                await Task.Delay(TimeSpan.FromMilliseconds(500), end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // end of the test
        }
    }
}
