using System.Collections.Concurrent;
using System.Globalization;
using Faafo.Nodes;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>
/// Simulates the programs in servers, which are empty in this cloud. Sends heartbeats of every ACTIVE server of the flock to a real API on
/// loopback; workers that are asked to drain exit. tests/flock tests real guests.
/// </summary>
internal sealed class SimulatedGuests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TestProject _project;
    private readonly string _flock;
    private readonly ChildProcess _api;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, bool> _exited = new();
    private Task _heartbeats = Task.CompletedTask;

    private SimulatedGuests(TestProject project, string flock)
    {
        _project = project;
        _flock = flock;
        Endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        Api = FaafoClient.Connect(Endpoint);
        // The API is not an instance of the flock: it sends one heartbeat, which StartAsync removes.
        _api = ChildProcess.Start(Flock.TestFlock.PathOf("Faafo.Api", "faafo-api"),
            ["--urls", Endpoint.AbsoluteUri, "--state-dir", Path.Combine(project.Folder, "api"), "--node-name", "guests-api", "--heartbeat",
                "1h"]);
    }

    /// <summary>The address of the API.</summary>
    public Uri Endpoint { get; }

    /// <summary>A client of the API.</summary>
    public IFaafoApi Api { get; }

    /// <summary>Ids of servers that send no heartbeat.</summary>
    public ConcurrentDictionary<string, bool> Silent { get; } = new();

    /// <summary>Starts an API and the heartbeats, which end on disposal.</summary>
    public static async Task<SimulatedGuests> StartAsync(TestProject project, string flock)
    {
        var guests = new SimulatedGuests(project, flock);
        await Flock.TestFlock.WaitUntilReadyAsync(guests._api, guests.Api);
        await Eventually.TrueAsync("the heartbeat of the API itself", token => guests.Api.ForgetNodeAsync("guests-api", token));
        guests._heartbeats = guests.SendHeartbeatsAsync();
        return guests;
    }

    /// <summary>Waits until a node is ready.</summary>
    public Task WaitUntilReadyAsync(string name) => Eventually.TrueAsync($"{name} is ready",
        async token => (await Api.GetNodesAsync(token)).Any(node => node.Name == name && node.State == NodeState.Ready),
        TimeSpan.FromMinutes(2));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _heartbeats;
        await _api.DisposeAsync();
        _end.Dispose();
    }

    private async Task SendHeartbeatsAsync()
    {
        try
        {
            while (true)
            {
                var names = await ResourceNames.OfAsync(_project.Client, _flock, _end.Token);
                var servers = await ManagedResources.ServersAsync(_project.Client, names, _end.Token);
                await Parallel.ForEachAsync(
                    servers.Where(server => server.Status == "ACTIVE" && !_exited.ContainsKey(server.Id) && !Silent.ContainsKey(server.Id)),
                    new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = _end.Token }, async (server, stop) =>
                    {
                        var report = new NodeReport
                        {
                            Role = FlockServers.GroupOf(server),
                            Cpus = 1,
                            LoadAverage = new LoadAverage(0, 0, 0),
                            Slots = 1,
                            StartedAt = server.Created!.Value,
                            Interval = 10,
                        };
                        if ((await Api.PutNodeAsync(server.Name, report, stop)).Drain && report.Role == "worker")
                        {
                            _exited[server.Id] = true;
                            await Api.PutNodeAsync(server.Name, report with { State = NodeState.Left }, stop);
                        }
                    });
                await Task.Delay(Interval, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // end of the test
        }
    }
}
