using Faafo.Nodes;

namespace Faafo.Scaler.Control;

/// <summary>The API as the control loop uses it: an outage never ends a round, and each of its causes is logged once.</summary>
internal sealed partial class ApiConnection(IFaafoApi api, TimeProvider time, ILogger log)
{
    // An API that fails one kind of request and serves the others, or one of a few, is still failing.
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(30);
    private const int MaxReasons = 100;

    private readonly HashSet<string> _reasons = [];     // of the outage; empty without one
    private IReadOnlyList<GroupOverrides>? _overrides;
    private long _firstFailure;
    private long _lastFailure;
    private int _failures;

    /// <summary>The HTTP status of the API's last error, 0 when it did not respond; null while it responds.</summary>
    public int? FailedStatus { get; private set; }

    /// <summary>
    /// Reads what a round needs. An API that fails one reading is not asked for the next: each may take until its timeout.
    /// </summary>
    public async Task<ApiReadings> ReadAsync(CancellationToken cancellationToken)
    {
        EndOutage();
        var nodes = await TryAsync((client, stop) => client.GetNodesAsync(stop), cancellationToken);
        if (nodes is null)
        {
            return new ApiReadings(null, null, _overrides, FailedStatus);
        }
        var queue = await TryAsync((client, stop) => client.GetQueueAsync(stop), cancellationToken);
        _overrides = await TryAsync((client, stop) => client.GetGroupsAsync(stop), cancellationToken) ?? _overrides;
        return new ApiReadings(nodes, queue, _overrides, FailedStatus);
    }

    /// <summary>Sends a request; returns the default value when it fails.</summary>
    public async Task<T?> TryAsync<T>(Func<IFaafoApi, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await request(api, cancellationToken);
            FailedStatus = null;
            return response;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Report(e.Message);
            FailedStatus = (e as FaafoApiException)?.Status ?? 0;
            return default;
        }
    }

    private void Report(string reason)
    {
        _lastFailure = time.GetTimestamp();
        if (_reasons.Count == 0)
        {
            _firstFailure = _lastFailure;
        }
        _failures++;
        if (_reasons.Count < MaxReasons && _reasons.Add(reason))
        {
            Unreachable(log, reason);
        }
    }

    private void EndOutage()
    {
        if (_reasons.Count > 0 && time.GetElapsedTime(_lastFailure) >= RecoveryTime)
        {
            var seconds = (int)time.GetElapsedTime(_firstFailure, _lastFailure).TotalSeconds;
            Reachable(log, _failures, seconds);
            _reasons.Clear();
            _failures = 0;
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "API unreachable; holding or growing only: {Reason}")]
    private static partial void Unreachable(ILogger log, string reason);

    [LoggerMessage(EventId = 3152, Level = LogLevel.Information,
        Message = "API reachable again; {Failures} requests failed within {Seconds} s")]
    private static partial void Reachable(ILogger log, int failures, int seconds);
}
