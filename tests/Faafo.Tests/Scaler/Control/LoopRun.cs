using Faafo.Nodes;
using Faafo.Queueing;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

/// <summary>A control loop on the time of a test: one API and one to four workers, in memory.</summary>
internal sealed class LoopRun : IDisposable
{
    private ControlLoop _loop;

    /// <summary>Creates a loop.</summary>
    public LoopRun(FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Cloud = new FakeInstanceProvider(Time);
        _loop = NewLoop();
    }

    public FakeTimeProvider Time { get; }

    public StubApi Api { get; } = new();

    public FakeInstanceProvider Cloud { get; }

    public RecordingLogger<ControlLoop> Log { get; } = new();

    /// <summary>The last decision on the workers.</summary>
    public string Decision => _loop.Latest.Decision;

    /// <summary>Replaces the loop by a new one, which remembers nothing.</summary>
    public void Restart() => _loop = NewLoop();

    /// <summary>Lets time pass and runs a round.</summary>
    public async Task TickAsync(int seconds = 1)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        await _loop.TickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Runs rounds, one in each second.</summary>
    public async Task TicksAsync(int count)
    {
        for (var round = 0; round < count; round++)
        {
            await TickAsync();
        }
    }

    /// <summary>Starts a flock with idle workers, all ready and observed.</summary>
    public async Task StartAsync(int workers)
    {
        Wait(4 * workers);
        await TickAsync();
        foreach (var instance in Cloud.Instances)
        {
            Beat(instance.Name);
        }
        await TickAsync();
        Wait(0);
    }

    /// <summary>Sets the number of tasks that wait.</summary>
    public void Wait(int tasks) => Api.Queue = new QueueReport { Ready = tasks, InFlight = 0, Unpublished = 0 };

    /// <summary>Has a node report a state.</summary>
    public void Beat(string name, NodeState state = NodeState.Ready, bool drain = false)
    {
        var report = new NodeReport { Role = FlockSpec.Worker, Slots = 1, Cpus = 2, LoadAverage = new LoadAverage(0, 0, 0) };
        Api.Nodes.RemoveAll(node => node.Name == name);
        Api.Nodes.Add(new Node(name, state, drain, Time.GetUtcNow().AddMilliseconds(500), report));
    }

    public void Dispose() => Api.Dispose();

    private ControlLoop NewLoop()
    {
        var flocks = new FlockSpecMonitor(null, new RecordingLogger<FlockSpecMonitor>()) { Transform = WithFourWorkers };
        return new ControlLoop(flocks, Cloud, Api.Client, Time, Log);
    }

    // By default the number of processors decides.
    private static FlockSpec WithFourWorkers(FlockSpec flock) =>
        flock with { Workers = flock.Workers with { Policy = flock.Workers.Policy with { Max = 4 } } };
}
