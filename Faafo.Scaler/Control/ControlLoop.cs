using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>
/// Observes, decides and acts at every interval. All it needs to know is in the cloud and in the API, so the next scaler continues after
/// one that was killed. An unreachable API stops nothing: its readings are missing, and missing readings never shrink a group.
/// </summary>
internal sealed partial class ControlLoop
{
    /// <summary>The scaler's name among the nodes.</summary>
    public const string NodeName = "scaler";

    private const int MostWarnings = 20;

    private readonly FlockSpecMonitor _flocks;
    private readonly IInstanceProvider _provider;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ILogger<ControlLoop> _log;
    private readonly ApiConnection _api;
    private readonly DecisionExecutor _executor;
    private readonly ScalerHeartbeat _heartbeat;
    private readonly Dictionary<string, GroupMemory> _memory = [];

    /// <summary>Creates a loop.</summary>
    /// <param name="flocks">The flock to follow.</param>
    /// <param name="provider">The instances.</param>
    /// <param name="api">The API.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public ControlLoop(FlockSpecMonitor flocks, IInstanceProvider provider, IFaafoApi api, TimeProvider time, ILogger<ControlLoop> log)
    {
        _flocks = flocks;
        _provider = provider;
        _time = time;
        _began = time.GetTimestamp();
        _log = log;
        _api = new ApiConnection(api, time, log);
        _executor = new DecisionExecutor(provider, _api, log);
        _heartbeat = new ScalerHeartbeat(flocks, api, time, log);
    }

    /// <summary>The readings of the last round.</summary>
    public Snapshot Latest { get; private set; } = new([], null, null, "");

    // Monotonic: nothing that the policy measures may depend on the wall clock, which an administrator or NTP can set.
    private TimeSpan Now => _time.GetElapsedTime(_began);

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beating = _heartbeat.RunAsync(end.Token);
        try
        {
            while (true)
            {
                await TryTickAsync(stop);
                await Task.Delay(_flocks.Current.Interval, _time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        finally
        {
            await end.CancelAsync();
            await beating;
        }
    }

    /// <summary>Runs one round.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        var flock = await _flocks.ReloadAsync(cancellationToken);
        var readings = await _api.ReadAsync(cancellationToken);
        await TryRepairAsync(cancellationToken);
        var decision = "";
        IReadOnlyList<Instance>? instances = null;      // null when they must be listed (again)
        foreach (var group in flock.Groups)
        {
            var before = _memory.GetValueOrDefault(group.Name, new GroupMemory(new PolicyState(), Wanted: -1));
            try
            {
                instances ??= await _provider.ListAsync(cancellationToken);
                var decided = Decide(flock, group, instances, readings, before);
                decision = decided.Reason;
                _heartbeat.Decision = decision;
                var observed = instances;
                if (decided.Create > 0 || decided.Delete.Count > 0)
                {
                    instances = null;
                }
                var failures = await _executor.ExecuteAsync(group, observed, decided, cancellationToken);
                Remember(group, failures);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                ReportFailure(e);
                // The next decision is logged whatever it is.
                _memory[group.Name] = _memory.GetValueOrDefault(group.Name, before) with { Wanted = -1 };
            }
        }
        _heartbeat.Warnings = Warnings(flock);
        instances ??= await TryListAsync(cancellationToken);
        if (instances is not null && readings.Nodes is not null)
        {
            foreach (var orphan in OrphanNodes.Find(flock, instances, readings.Nodes))
            {
                await _api.TryAsync((client, stop) => client.ForgetNodeAsync(orphan.Name, stop), cancellationToken);
            }
        }
        Latest = new Snapshot(instances ?? Latest.Instances, readings.Nodes, readings.Queue, decision);
        await _api.TryAsync((client, stop) => client.PutNodeAsync(NodeName, _heartbeat.Build(flock, decision), stop), cancellationToken);
    }

    private async Task TryTickAsync(CancellationToken stop)
    {
        try
        {
            await TickAsync(stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            RoundFailed(_log, e.Message);
        }
    }

    private Decision Decide(
        FlockSpec flock, GroupSpec group, IReadOnlyList<Instance> instances, ApiReadings readings, GroupMemory before)
    {
        var members = instances.Where(instance => instance.Group == group.Name);
        var observation = Observer.Observe(flock, group, members, readings, before.State, Now);
        var (decision, state) = ScalingPolicy.Decide(before.State, observation, group.Policy);
        _memory[group.Name] = new GroupMemory(state, decision.Wanted);
        if (before.Wanted != decision.Wanted || decision.ChangesAnything)
        {
            Decided(_log, group.Name, decision.Reason);
        }
        return decision;
    }

    private void Remember(GroupSpec group, ExecutionFailures failures)
    {
        if (!failures.Any)
        {
            return;
        }
        var state = _memory[group.Name].State;
        foreach (var (removal, error) in failures.Deletions)
        {
            state = state.DeletionRefused(removal.Instance, error.Message, Now);
            var refusal = state.Refusals[removal.Instance.Id];
            if (!refusal.IsReported)
            {
                ReportFailure(error);
            }
            else if (refusal.Count == Refusal.Limit)
            {
                DeletionRefused(_log, refusal.Name, refusal.Count, (int)(refusal.RetryAt - Now).TotalSeconds, refusal.Reason);
            }
        }
        // One for each cause: four creations at a time fail for the same used-up quota.
        foreach (var error in failures.Creations.DistinctBy(error => (error as ProviderException)?.Kind))
        {
            ReportFailure(error);
        }
        _memory[group.Name] = new GroupMemory(failures.IsCreationRefused ? state.BootFailed(Now) : state, Wanted: -1);
    }

    private string[]? Warnings(FlockSpec flock)
    {
        var refusals = flock.Groups.SelectMany(one => _memory.TryGetValue(one.Name, out var memory) ? memory.State.Refusals.Values : []);
        string[] warnings =
        [
            .. refusals.Where(refusal => refusal.IsReported).OrderBy(refusal => refusal.Name, StringComparer.Ordinal).Take(MostWarnings)
                .Select(refusal =>
                    $"{refusal.Name} could not be deleted {refusal.Count} times and is left alone for now: {refusal.Reason}"),
        ];
        return warnings.Length > 0 ? warnings : null;
    }

    private async Task TryRepairAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _provider.RepairAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            ReportFailure(e);
        }
    }

    private async Task<IReadOnlyList<Instance>?> TryListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _provider.ListAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            ReportFailure(e);
            return null;
        }
    }

    private void ReportFailure(Exception e)
    {
        if (e is ProviderException failure)
        {
            ProviderFailed(_log, failure.Kind, failure.Message);
        }
        else
        {
            GroupFailed(_log, e.Message);
        }
    }

    [LoggerMessage(EventId = 3104, Level = LogLevel.Error, Message = "Control loop round failed: {Reason}")]
    private static partial void RoundFailed(ILogger log, string reason);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Information, Message = "{Group}: {Reason}")]
    private static partial void Decided(ILogger log, string group, string reason);

    [LoggerMessage(EventId = 3106, Level = LogLevel.Warning, Message = "Provider failed: {Reason} ({Kind})")]
    private static partial void ProviderFailed(ILogger log, ProviderErrorKind kind, string reason);

    [LoggerMessage(EventId = 3108, Level = LogLevel.Warning, Message =
        "{Name} could not be deleted {Count} times and is left alone; next attempt in {Seconds} s, then after longer pauses: {Reason}")]
    private static partial void DeletionRefused(ILogger log, string name, int count, int seconds, string reason);

    [LoggerMessage(EventId = 3107, Level = LogLevel.Error, Message = "Provider failed: {Reason}")]
    private static partial void GroupFailed(ILogger log, string reason);
}
