using System.Reflection;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;
using Faafo.Scaler.Clouds;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Topology;

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

    /// <summary>Instances that are made or removed at a time: clouds take their time for each.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan OthersDrain = TimeSpan.FromSeconds(15);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly Dictionary<string, (PolicyState State, int Wanted)> _memory = [];
    private IReadOnlyList<GroupOrders> _orders = [];
    private volatile string? _note;

    // The status of the API's last refusal, 0 for no answer at all; null while it answers.
    private int? _apiAway;

    /// <summary>What was seen last.</summary>
    public Snapshot Latest { get; private set; } = new([], null, null, "");

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var heard = BeatAsync(end.Token);
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
        finally
        {
            await end.CancelAsync();
            await heard;
        }
    }

    /// <summary>One round.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        var flock = await flocks.FollowAsync(cancellationToken);
        var nodes = await TryAsync(api.GetNodesAsync, cancellationToken);
        var queue = nodes is null ? null : await TryAsync(api.GetQueueAsync, cancellationToken);
        _orders = (nodes is null ? null : await TryAsync(api.GetGroupsAsync, cancellationToken)) ?? _orders;
        var decision = "";
        IReadOnlyList<Instance>? instances = null;      // as they are: null again once something was done to them
        foreach (var group in flock.Groups)
        {
            (PolicyState State, int Wanted) before = _memory.GetValueOrDefault(group.Name, (new PolicyState(), -1));
            try
            {
                instances ??= await cloud.ListAsync(cancellationToken);
                var mine = instances.Where(i => i.Group == group.Name).ToArray();
                var (decided, state) = ScalingPolicy.Decide(before.State, Observe(group, mine, nodes, queue), group.Policy);
                _memory[group.Name] = (state, decided.Wanted);
                if (before.Wanted != decided.Wanted || decided.Create > 0 || decided.Drain.Count > 0 || decided.Undrain.Count > 0)
                {
                    Decided(log, group.Name, decided.Reason);
                }
                _note = decision = decided.Reason;
                var seen = instances;
                if (decided.Create > 0 || decided.Delete.Count > 0)
                {
                    instances = null;
                }
                await ActAsync(group, seen, decided, cancellationToken);
            }
            catch (Exception e) when (e is FailureException or IOException or UnauthorizedAccessException)
            {
                CloudRefused(log, e.Message);
                // As if nothing had been wanted: what comes of the refusal is worth a line in the log.
                _memory[group.Name] = (_memory.GetValueOrDefault(group.Name, before).State.BootFailed(time.GetUtcNow()), -1);
            }
        }
        var there = instances ?? await TryListAsync(cancellationToken);
        if (there is not null && nodes is not null)
        {
            await ForgetAsync(flock, there, nodes, cancellationToken);
        }
        Latest = new Snapshot(there ?? Latest.Instances, nodes, queue, decision);
        await TryAsync(stop => api.PutNodeAsync(NodeName, Heartbeat(flock.Interval, decision), stop), cancellationToken);
    }

    private Observation Observe(GroupSpec group, IReadOnlyList<Instance> instances, IReadOnlyList<Node>? nodes, QueueReport? queue)
    {
        var orders = _orders.FirstOrDefault(o => o.Group == group.Name);
        var worker = group.Name == Flock.Worker;
        return new Observation
        {
            Now = time.GetUtcNow(),
            Tasks = worker ? queue?.Ready + queue?.InFlight + queue?.Unpublished : nodes is null ? null : 0,
            WorkWaiting = worker ? queue?.WorkWaiting : null,
            WorkPerSecond = worker ? queue?.WorkPerSecond : null,
            SharesLoad = !worker,
            Workers = [.. instances.Select(instance => See(instance, nodes) with
            {
                Outdated = orders?.Replace?.Contains(instance.Id) ?? false,
                Place = !flocks.Current.IsLocal && Flock.HasFixedAddress(group.Name) ? Names.NumberOf(instance.Name) : null,
            })],
            Paused = orders?.Paused ?? false,
            FixedSize = orders?.Size,
        };
    }

    private WorkerView See(Instance instance, IReadOnlyList<Node>? nodes)
    {
        // A heartbeat from before the instance was created is an earlier one's of the same name.
        var node = nodes?.FirstOrDefault(n => n.Name == instance.Name && n.LastSeen > instance.CreatedAt);
        var state = (instance.IsRunning, node?.State, node?.Drain) switch
        {
            (_, NodeState.Left, _) => WorkerState.Left,
            (false, _, _) => WorkerState.Dead,
            (true, NodeState.Stale, _) => WorkerState.Silent,
            (true, NodeState.Draining, _) or (true, _, true) => HasDrained(instance) ? WorkerState.Left : WorkerState.Draining,
            (true, NodeState.Ready, _) => WorkerState.Ready,
            _ => nodes is null ? Unheard(instance) : WorkerState.Booting,
        };
        var load = node?.Report is { LoadAverage: { } average, Cpus: > 0 and var cpus } ? average.One / cpus : (double?)null;
        return new WorkerView(instance.Id, instance.Name, state, node?.Report.Busy, load, instance.CreatedAt, node?.LastSeen);
    }

    // A worker says itself when it is done. Of the others a balancer takes its hands within seconds, and their answers are short.
    private bool HasDrained(Instance instance) => instance.Group != Flock.Worker
        && Seen(instance) is { State: WorkerState.Draining } seen && time.GetUtcNow() - seen.Since > OthersDrain;

    // Without the API's list nobody can say more of a worker than that it runs. The silence may be the fault of those that should answer:
    // one that has answered and does so no longer is silent, one that never has is booting. A balancer that passes on errors does its work.
    private WorkerState Unheard(Instance instance) => instance.Group == Flock.Worker ? WorkerState.Ready
        : Seen(instance)?.State is not (WorkerState.Ready or WorkerState.Silent) ? WorkerState.Booting
        : instance.Group == Flock.LoadBalancer && _apiAway is > 0 ? WorkerState.Ready : WorkerState.Silent;

    private (WorkerState State, DateTimeOffset Since)? Seen(Instance instance) =>
        _memory.TryGetValue(instance.Group, out var memory) && memory.State.Seen.TryGetValue(instance.Id, out var seen) ? seen : null;

    private async Task ActAsync(GroupSpec group, IReadOnlyList<Instance> instances, Decision decision, CancellationToken cancellationToken)
    {
        await EachAsync(decision.Delete, async removed =>
        {
            var (worker, reason) = removed;
            var instance = instances.First(i => i.Id == worker.Id);
            Removing(log, worker.Name, reason);
            if (worker.State is not WorkerState.Left && await cloud.TailAsync(instance, cancellationToken) is { } tail)
            {
                Console(log, worker.Name, tail);
            }
            await cloud.DeleteAsync(instance, cancellationToken);
            await TryAsync(stop => api.ForgetNodeAsync(worker.Name, stop), cancellationToken);
        }, cancellationToken);
        foreach (var worker in decision.Undrain)
        {
            await TryAsync(stop => api.DrainNodeAsync(worker.Name, drain: false, stop), cancellationToken);
        }
        foreach (var worker in decision.Drain)
        {
            await TryAsync(stop => api.DrainNodeAsync(worker.Name, drain: true, stop), cancellationToken);
        }
        var gone = decision.Delete.Select(one => one.Worker.Id).ToHashSet();
        var taken = instances.Where(i => !gone.Contains(i.Id)).Select(i => i.Name).ToHashSet();
        var names = Enumerable.Range(1, taken.Count + decision.Create).Select(n => Names.Node(group.Name, n)).Where(taken.Add).Take(decision.Create).ToArray();
        await EachAsync(names, name => cloud.CreateAsync(group, name, cancellationToken), cancellationToken);
    }

    // What was destroyed by someone else, or while the API could not be told, is nobody's node any more. Those of other names are not ours.
    private async Task ForgetAsync(Flock flock, IReadOnlyList<Instance> there, IReadOnlyList<Node> nodes, CancellationToken cancellationToken)
    {
        foreach (var node in nodes.Where(node => node.State is NodeState.Stale or NodeState.Left && !there.Any(instance => instance.Name == node.Name)
            && flock.AllGroups.Any(group => node.Name == Names.Node(group.Name, Names.NumberOf(node.Name)))))
        {
            await TryAsync(stop => api.ForgetNodeAsync(node.Name, stop), cancellationToken);
        }
    }

    // A refusal cuts off none that is under way, since its request may have been heard already; but nothing more is begun after it.
    private static async Task EachAsync<T>(IEnumerable<T> all, Func<T, Task> act, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(AtOnce);
        var refused = false;
        await Task.WhenAll(all.Select(async one =>
        {
            await room.WaitAsync(cancellationToken);
            try
            {
                if (!Volatile.Read(ref refused))
                {
                    await act(one);
                }
            }
            catch
            {
                Volatile.Write(ref refused, true);
                throw;
            }
            finally
            {
                room.Release();
            }
        }).ToArray());
    }

    // A round has a heartbeat at its end. These are beside it: making a hundred instances takes minutes, and a scaler at work is not silent.
    private async Task BeatAsync(CancellationToken end)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (_note is { } note)
                    {
                        await api.PutNodeAsync(NodeName, Heartbeat(flocks.Current.Interval, note), end);
                    }
                }
                catch (FaafoApiException)
                {
                    // The round says that the API is away.
                }
                await Task.Delay(flocks.Current.Interval, time, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The loop has ended.
        }
    }

    private async Task<IReadOnlyList<Instance>?> TryListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await cloud.ListAsync(cancellationToken);
        }
        catch (FailureException e)
        {
            CloudRefused(log, e.Message);
            return null;
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
            _apiAway = null;
            return answer;
        }
        catch (FaafoApiException e)
        {
            if (_apiAway is null)
            {
                ApiAway(log, e.Message);
            }
            _apiAway = e.Status;
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: {Reason}")]
    private static partial void Decided(ILogger log, string group, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removing {Name}: it {Reason}")]
    private static partial void Removing(ILogger log, string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of {Name}'s console:\n{Tail}")]
    private static partial void Console(ILogger log, string name, string tail);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cloud refused: {Reason}")]
    private static partial void CloudRefused(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deciding without the API's word: {Reason}")]
    private static partial void ApiAway(ILogger log, string reason);
}
