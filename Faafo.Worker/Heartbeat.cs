using System.Reflection;
using Faafo.Nodes;

namespace Faafo.Worker;

/// <summary>Tells the API every few seconds what this worker does, and learns from the answer whether it is to leave.</summary>
internal sealed partial class Heartbeat(WorkerOptions options, IFaafoApi api, InFlightTasks node, TimeProvider time, ILogger<Heartbeat> log)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private bool _away;
    private bool _drain;

    /// <summary>Beats until <paramref name="stop"/> is set.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Heartbeat, time);
        try
        {
            do
            {
                await BeatAsync(node.IsDraining ? NodeState.Draining : NodeState.Ready, stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>Beats once. Nothing that fails is a reason to stop working, or to stop beating.</summary>
    public async Task BeatAsync(NodeState state, CancellationToken cancellationToken)
    {
        try
        {
            var orders = await api.PutNodeAsync(options.NodeName, Report(state), cancellationToken);
            if (_away)
            {
                Back(log);
            }
            _away = false;
            if (orders.Drain != _drain)
            {
                Ordered(log, orders.Drain ? "to leave" : "to stay");
                node.Order(orders.Drain);
            }
            _drain = orders.Drain;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (!_away)
            {
                Away(log, e.Message);
            }
            _away = true;
        }
    }

    private NodeReport Report(NodeState state) => new()
    {
        Role = "worker",
        Address = Environment.MachineName,
        LoadAverage = HostLoad.Read(),
        Cpus = Environment.ProcessorCount,
        Slots = options.Slots,
        Busy = node.Busy,
        Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3),
        StartedAt = _startedAt,
        State = state,
        Interval = options.Heartbeat.TotalSeconds,
        Tasks = node.Fractals,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Heartbeat failed: {Reason}")]
    private static partial void Away(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Heartbeats succeed again")]
    private static partial void Back(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Told {What}")]
    private static partial void Ordered(ILogger log, string what);
}
