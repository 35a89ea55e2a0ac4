using Faafo.Nodes;

namespace Faafo.Worker;

/// <summary>Reports this worker's state to the API at an interval, and applies the drain override of each response.</summary>
internal sealed partial class Heartbeat(
    WorkerOptions options, IFaafoApi api, InFlightTasks inFlight, DrainState drain, TimeProvider time, ILogger<Heartbeat> log)
{
    private readonly NodeReporter _reporter = new("worker", Environment.MachineName, time.GetUtcNow());
    private bool _isFailing;
    private bool _isDrainRequested;

    /// <summary>Sends heartbeats until <paramref name="stop"/> is set.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Heartbeat, time);
        try
        {
            do
            {
                await SendAsync(drain.IsDraining ? NodeState.Draining : NodeState.Ready, stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Sends one heartbeat. A failure of any kind is logged and stops neither the worker nor its heartbeats.</summary>
    public async Task SendAsync(NodeState state, CancellationToken cancellationToken)
    {
        try
        {
            var response = await api.PutNodeAsync(options.NodeName, Report(state), cancellationToken);
            if (_isFailing)
            {
                Restored(log);
            }
            _isFailing = false;
            Apply(response);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
            {
                Failed(log, e.Message);
            }
            _isFailing = true;
        }
    }

    private void Apply(HeartbeatResponse response)
    {
        if (response.Drain == _isDrainRequested)
        {
            return;
        }
        if (response.Drain)
        {
            DrainRequested(log);
        }
        else
        {
            DrainCancelled(log);
        }
        drain.Set(response.Drain);
        _isDrainRequested = response.Drain;
    }

    private NodeReport Report(NodeState state) => _reporter.Create(options.Heartbeat) with
    {
        Slots = options.Slots,
        Busy = inFlight.Count,
        State = state,
        Tasks = inFlight.Fractals,
    };

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "Heartbeat failed: {Reason}")]
    private static partial void Failed(ILogger log, string reason);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "Heartbeat restored")]
    private static partial void Restored(ILogger log);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Information, Message = "Drain requested")]
    private static partial void DrainRequested(ILogger log);

    [LoggerMessage(EventId = 2013, Level = LogLevel.Information, Message = "Drain cancelled")]
    private static partial void DrainCancelled(ILogger log);
}
