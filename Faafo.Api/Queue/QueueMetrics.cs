using System.Data.Common;
using Faafo.Queueing;

namespace Faafo.Api.Queue;

/// <summary>
/// Measures the queue every second: its depth from the broker, counts and work from the sums in the database, rates from the change of the
/// sums over the last minute. The sums cover all APIs, so every API measures the same. Values that cannot be read are null.
/// </summary>
internal sealed partial class QueueMetrics(QueueStatistics statistics, ITaskQueue queue, TimeProvider time, ILogger<QueueMetrics> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly Queue<(DateTimeOffset At, Totals Totals)> _samples = new();
    private volatile QueueReport _latest = new();
    private Task<QueueDepth?> _depth = Task.FromResult<QueueDepth?>(null);

    /// <summary>The latest measurement, at most a second old.</summary>
    public QueueReport Latest => _latest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            _latest = await MeasureAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<QueueReport> MeasureAsync(CancellationToken cancellationToken)
    {
        var depth = await ReadDepthAsync(cancellationToken);
        var report = new QueueReport { Ready = depth?.Ready, InFlight = depth?.InFlight, Consumers = depth?.Consumers };
        var totals = await TryAsync("database", statistics.GetTotalsAsync, cancellationToken);
        var backlog = await TryAsync("database", statistics.GetBacklogAsync, cancellationToken);
        if (totals is null || backlog is null)
        {
            return report;
        }
        var now = time.GetUtcNow();
        _samples.Enqueue((now, totals));
        while (now - _samples.Peek().At > Window)
        {
            _samples.Dequeue();
        }
        var (since, earlier) = _samples.Peek();
        var seconds = (now - since).TotalSeconds;
        return report with
        {
            // RabbitMQ does not report what workers hold: tasks that are unfinished and neither in the queue nor in the outbox.
            InFlight = depth?.InFlight ?? (depth is null ? null : Math.Max(0, totals.Unfinished - backlog.Unpublished - depth.Ready)),
            Unpublished = backlog.Unpublished,
            Unfinished = totals.Unfinished,
            OldestAge = (now - backlog.Oldest)?.TotalSeconds,
            WorkWaiting = totals.WorkWaiting,
            ArrivalsPerSecond = Rate(totals.Accepted - earlier.Accepted),
            CompletionsPerSecond = Rate(totals.Finished - earlier.Finished),
            WorkPerSecond = Rate(totals.WorkFinished - earlier.WorkFinished),
        };

        double? Rate(long difference) => seconds > 0 ? difference / seconds : null;
    }

    // A slow broker must not delay the values of the database: its answer may arrive with a later measurement.
    private async Task<QueueDepth?> ReadDepthAsync(CancellationToken cancellationToken)
    {
        if (_depth.IsCompleted)
        {
            _depth = TryAsync("queue", queue.GetDepthAsync, cancellationToken);
        }
        return await Task.WhenAny(_depth, Task.Delay(Interval, time, cancellationToken)) == _depth ? await _depth : null;
    }

    private async Task<T?> TryAsync<T>(string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (Exception e) when (e is QueueUnavailableException or DbException)
        {
            MeasuringFailed(log, what, e.Message);
            return null;
        }
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Debug, Message = "Measuring the {What} failed: {Reason}")]
    private static partial void MeasuringFailed(ILogger log, string what, string reason);
}
