using System.Reflection;
using Faafo.Nodes;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>
/// Observe, decide, act, at every interval. All it needs to know is in the cloud and in the API, so a loop that was killed is
/// continued by the next one. An API that is away stops nothing: its readings are missing, and missing readings never shrink a group.
/// </summary>
internal sealed partial class ControlLoop(FlockSpecMonitor flocks, IInstanceProvider cloud, FaafoClient api, TimeProvider time, ILogger<ControlLoop> log)
{
    /// <summary>The scaler's name among the nodes.</summary>
    public const string NodeName = "scaler";

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly Dictionary<string, (PolicyState State, int Wanted)> _memory = [];
    private IReadOnlyList<GroupOverrides> _orders = [];
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
                try
                {
                    await TickAsync(stop);
                }
                catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
                {
                    RoundFailed(log, e.Message);
                }
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
        var flock = await flocks.ReloadAsync(cancellationToken);
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
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
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
        await TryAsync(stop => api.PutNodeAsync(NodeName, Heartbeat(flock, decision), stop), cancellationToken);
    }

    // What was destroyed by someone else, or while the API could not be told, is nobody's node any more. Those of other names are not ours.
    private async Task ForgetAsync(FlockSpec flock, IReadOnlyList<Instance> there, IReadOnlyList<Node> nodes, CancellationToken cancellationToken)
    {
        foreach (var node in nodes.Where(node => node.State is NodeState.Stale or NodeState.Left && !there.Any(instance => instance.Name == node.Name)
            && flock.AllGroups.Any(group => node.Name == ResourceNames.Node(group.Name, ResourceNames.NumberOf(node.Name)))))
        {
            await TryAsync(stop => api.ForgetNodeAsync(node.Name, stop), cancellationToken);
        }
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
                        await api.PutNodeAsync(NodeName, Heartbeat(flocks.Current, note), end);
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException || !end.IsCancellationRequested)
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
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            CloudRefused(log, e.Message);
            return null;
        }
    }

    private NodeReport Heartbeat(FlockSpec flock, string decision) => new()
    {
        Role = "scaler",
        Address = Environment.MachineName,
        LoadAverage = HostLoad.Read(),
        Cpus = Environment.ProcessorCount,
        Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3),
        StartedAt = _startedAt,
        Interval = Math.Max(1, flock.Interval.TotalSeconds),
        Note = decision,
        Limits = [.. flock.Groups.Select(group => new GroupLimits(group.Name, group.Policy.Min, group.Policy.Max))],
    };

    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(cancellationToken);
            _apiAway = null;
            return answer;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (_apiAway is null)
            {
                ApiAway(log, e.Message);
            }
            _apiAway = (e as FaafoApiException)?.Status ?? 0;
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the control loop failed: {Reason}")]
    private static partial void RoundFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Group}: {Reason}")]
    private static partial void Decided(ILogger log, string group, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cloud refused: {Reason}")]
    private static partial void CloudRefused(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deciding without the API's word: {Reason}")]
    private static partial void ApiAway(ILogger log, string reason);
}
