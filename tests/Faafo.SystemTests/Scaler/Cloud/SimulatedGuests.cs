using System.Collections.Concurrent;
using System.Globalization;
using Faafo.Nodes;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>
/// Stands for what runs in servers. Those of this cloud become ACTIVE and are empty, so every ACTIVE one of the flock has a heartbeat
/// here, at a real API on loopback, and workers that are told to leave do so. What really happens in a guest is for tests/flock to show.
/// </summary>
internal sealed class SimulatedGuests : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly TestProject _project;
    private readonly string _flock;
    private readonly ChildProcess _api;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, bool> _left = new();
    private Task _playing = Task.CompletedTask;

    private SimulatedGuests(TestProject project, string flock)
    {
        (_project, _flock) = (project, flock);
        Endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        Api = FaafoClient.Connect(Endpoint);
        // It is none of the flock's instances: one heartbeat, which is forgotten.
        _api = ChildProcess.Start(Flock.TestFlock.PathOf("Faafo.Api", "faafo-api"),
            ["--urls", Endpoint.AbsoluteUri, "--state-dir", Path.Combine(project.Folder, "api"), "--node-name", "stand-in", "--heartbeat", "1h"]);
    }

    /// <summary>Where the API listens.</summary>
    public Uri Endpoint { get; }

    /// <summary>The API.</summary>
    public IFaafoApi Api { get; }

    /// <summary>Names of servers in which everything hangs.</summary>
    public ConcurrentDictionary<string, bool> Silent { get; } = new();

    /// <summary>Starts an API, and plays until it is disposed of.</summary>
    public static async Task<SimulatedGuests> StartAsync(TestProject project, string flock)
    {
        var guests = new SimulatedGuests(project, flock);
        await Flock.TestFlock.WaitUntilReadyAsync(guests._api, guests.Api);
        await Eventually.TrueAsync("the stand-in's one heartbeat", token => guests.Api.ForgetNodeAsync("stand-in", token));
        guests._playing = guests.PlayAsync();
        return guests;
    }

    /// <summary>Waits until a node is ready.</summary>
    public Task HeardAsync(string name) => Eventually.TrueAsync($"{name} is ready",
        async token => (await Api.GetNodesAsync(token)).Any(node => node.Name == name && node.State == NodeState.Ready), TimeSpan.FromMinutes(2));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _playing;
        await _api.DisposeAsync();
        _end.Dispose();
    }

    private async Task PlayAsync()
    {
        try
        {
            while (true)
            {
                var names = await ResourceNames.OfAsync(_project.Client, _flock, _end.Token);
                var servers = await ManagedResources.ServersAsync(_project.Client, names, _end.Token);
                await Parallel.ForEachAsync(servers.Where(server => server.Status == "ACTIVE" && !_left.ContainsKey(server.Id) && !Silent.ContainsKey(server.Id)),
                    new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = _end.Token }, async (server, stop) =>
                    {
                        var report = new NodeReport
                        {
                            Role = OpenStackInstances.GroupOf(server),
                            Cpus = 1,
                            LoadAverage = new LoadAverage(0, 0, 0),
                            Slots = 1,
                            StartedAt = server.Created!.Value,
                            Interval = 10,
                        };
                        if ((await Api.PutNodeAsync(server.Name, report, stop)).Drain && report.Role == "worker")
                        {
                            _left[server.Id] = true;
                            await Api.PutNodeAsync(server.Name, report with { State = NodeState.Left }, stop);
                        }
                    });
                await Task.Delay(Pause, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
