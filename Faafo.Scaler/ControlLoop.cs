using System.Reflection;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;
using Faafo.Scaler.Clouds;
using Faafo.Scaler.Policy;

namespace Faafo.Scaler;

/// <summary>What the loop saw last, for the screen.</summary>
/// <param name="Instances">The cloud's instances.</param>
/// <param name="Nodes">What they say of themselves; null when the API is away.</param>
/// <param name="Queue">The queue; null when the API is away.</param>
/// <param name="Decision">The last decision on the workers, in words.</param>
internal sealed record Snapshot(IReadOnlyList<Instance> Instances, IReadOnlyList<Node>? Nodes, QueueReport? Queue, string Decision);

/// <summary>
/// Observe, decide, act, at every interval. All it needs to know is in the cloud and in the API, so a loop that was killed is
/// continued by the next one. An API that is away stops nothing: its readings are missing, and missing readings never shrink a group.
/// </summary>
internal sealed partial class ControlLoop(FlockSource flocks, ICloud cloud, FaafoClient api, TimeProvider time, ILogger<ControlLoop> log)
{
    /// <summary>The scaler's name among the nodes.</summary>
    public const string NodeName = "scaler";

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly Dictionary<string, (PolicyState State, int Wanted)> _memory = [];
    private IReadOnlyList<GroupOrders> _orders = [];
    private bool _apiAway;

    /// <summary>What was seen last.</summary>
    public Snapshot Latest { get; private set; } = new([], null, null, "");

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await TickAsync(stop);
                await Task.Delay(flocks.Current.Interval, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>One round.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        var flock = flocks.Current;
        var nodes = await TryAsync(api.GetNodesAsync, cancellationToken);
        var queue = nodes is null ? null : await TryAsync(api.GetQueueAsync, cancellationToken);
        _orders = (nodes is null ? null : await TryAsync(api.GetGroupsAsync, cancellationToken)) ?? _orders;
        var decision = "";
        foreach (var group in flock.Groups)
        {
            var instances = (await cloud.ListAsync(cancellationToken)).Where(i => i.Group == group.Name).ToArray();
            var (state, before) = _memory.GetValueOrDefault(group.Name, (new PolicyState(), -1));
            (var decided, state) = ScalingPolicy.Decide(state, Observe(group, instances, nodes, queue), group.Policy);
            _memory[group.Name] = (state, decided.Wanted);
            if (before != decided.Wanted || decided.Create > 0 || decided.Drain.Count > 0 || decided.Undrain.Count > 0)
            {
                Decided(log, group.Name, decided.Reason);
            }
            try
            {
                await ActAsync(group, instances, decided, cancellationToken);
            }
            catch (Exception e) when (e is FailureException or IOException or UnauthorizedAccessException)
            {
                CloudRefused(log, e.Message);
                _memory[group.Name] = (state.BootFailed(time.GetUtcNow()), decided.Wanted);
            }
            decision = decided.Reason;
        }
        Latest = new Snapshot(await cloud.ListAsync(cancellationToken), nodes, queue, decision);
        await TryAsync(stop => api.PutNodeAsync(NodeName, Heartbeat(flock.Interval, decision), stop), cancellationToken);
    }

    private Observation Observe(GroupSpec group, IReadOnlyList<Instance> instances, IReadOnlyList<Node>? nodes, QueueReport? queue)
    {
        var orders = _orders.FirstOrDefault(o => o.Group == group.Name);
        var worker = group.Name == Flock.Worker;
        return new Observation
        {
            Now = time.GetUtcNow(),
            Tasks = worker ? queue?.Ready + queue?.InFlight + queue?.Unpublished : 0,
            WorkWaiting = worker ? queue?.WorkWaiting : null,
            WorkPerSecond = worker ? queue?.WorkPerSecond : null,
            Workers = [.. instances.Select(instance => worker ? See(instance, nodes) : SeeApi(instance, answers: nodes is not null))],
            Paused = orders?.Paused ?? false,
            FixedSize = orders?.Size,
        };
    }

    private static WorkerView See(Instance instance, IReadOnlyList<Node>? nodes)
    {
        // A heartbeat from before the instance was created is an earlier one's of the same name.
        var node = nodes?.FirstOrDefault(n => n.Name == instance.Name && n.LastSeen > instance.CreatedAt);
        var state = (instance.IsRunning, node?.State, node?.Drain) switch
        {
            (false, NodeState.Left, _) => WorkerState.Left,
            (false, _, _) => WorkerState.Dead,
            (true, NodeState.Stale, _) => WorkerState.Silent,
            (true, NodeState.Draining or NodeState.Left, _) or (true, _, true) => WorkerState.Draining,
            (true, NodeState.Ready, _) => WorkerState.Ready,
            // Without the API's list nobody can say more of a running instance than that it runs.
            _ => nodes is null ? WorkerState.Ready : WorkerState.Booting,
        };
        return new WorkerView(instance.Id, instance.Name, state, node?.Report.Busy, null, instance.CreatedAt, node?.LastSeen);
    }

    // The API is heard of by its answers: one that has answered and does so no longer is silent, one that never has is booting.
    private WorkerView SeeApi(Instance instance, bool answers)
    {
        var before = _memory.TryGetValue(instance.Group, out var memory) ? memory.State.Seen.GetValueOrDefault(instance.Id).State : WorkerState.Booting;
        var state = !instance.IsRunning ? WorkerState.Dead
            : answers ? WorkerState.Ready
            : before is WorkerState.Ready or WorkerState.Silent ? WorkerState.Silent : WorkerState.Booting;
        return new WorkerView(instance.Id, instance.Name, state, null, null, instance.CreatedAt, null);
    }

    private async Task ActAsync(GroupSpec group, IReadOnlyList<Instance> instances, Decision decision, CancellationToken cancellationToken)
    {
        foreach (var (worker, reason) in decision.Delete)
        {
            Removing(log, worker.Name, reason);
            await cloud.DeleteAsync(instances.First(i => i.Id == worker.Id), cancellationToken);
            await TryAsync(stop => api.ForgetNodeAsync(worker.Name, stop), cancellationToken);
        }
        foreach (var worker in decision.Undrain)
        {
            await TryAsync(stop => api.DrainNodeAsync(worker.Name, drain: false, stop), cancellationToken);
        }
        foreach (var worker in decision.Drain)
        {
            await TryAsync(stop => api.DrainNodeAsync(worker.Name, drain: true, stop), cancellationToken);
        }
        var names = (await cloud.ListAsync(cancellationToken)).Select(i => i.Name).ToHashSet();
        for (var (created, number) = (0, 1); created < decision.Create; number++)
        {
            var name = $"app-{group.Name}-{number}";
            if (names.Add(name))
            {
                await cloud.CreateAsync(group, name, cancellationToken);
                created++;
            }
        }
    }

    private NodeReport Heartbeat(TimeSpan interval, string decision) => new()
    {
        Role = "scaler",
        Address = Environment.MachineName,
        LoadAverage = HostLoad.Read(),
        Cpus = Environment.ProcessorCount,
        Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3),
        StartedAt = _startedAt,
        Interval = Math.Max(1, interval.TotalSeconds),
        Note = decision,
    };

    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(cancellationToken);
            _apiAway = false;
            return answer;
        }
        catch (FaafoApiException e)
        {
            if (!_apiAway)
            {
                ApiAway(log, e.Message);
            }
            _apiAway = true;
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: {Reason}")]
    private static partial void Decided(ILogger log, string group, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removing {Name}: it {Reason}")]
    private static partial void Removing(ILogger log, string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cloud refused: {Reason}")]
    private static partial void CloudRefused(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deciding without the API's word: {Reason}")]
    private static partial void ApiAway(ILogger log, string reason);
}
