using System.Data.Common;
using Faafo.Api.Database;
using Faafo.Queueing;

namespace Faafo.Api.Queue;

/// <summary>
/// Measures the queue every second: depth from the queue, counts and work from the database's sums, rates from how the sums moved
/// over the last minute. Because the sums are those of all APIs, every API measures the same. What cannot be read is null.
/// </summary>
internal sealed partial class QueueMetrics(FractalDatabase database, ITaskQueue queue, TimeProvider time, ILogger<QueueMetrics> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly Queue<(DateTimeOffset At, Totals Totals)> _samples = new();
    private volatile QueueReport _latest = new();
    private Task<QueueDepth?> _depth = Task.FromResult<QueueDepth?>(null);

    /// <summary>The last measurement, at most a second old.</summary>
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
        var totals = await TryAsync("database", database.GetTotalsAsync, cancellationToken);
        var backlog = await TryAsync("database", database.GetBacklogAsync, cancellationToken);
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
        var (since, then) = _samples.Peek();
        var seconds = (now - since).TotalSeconds;
        return report with
        {
            // RabbitMQ does not say what workers hold: it is what is unfinished and neither in the queue nor on its way there.
            InFlight = depth?.InFlight ?? (depth is null ? null : Math.Max(0, totals.Unfinished - backlog.Unpublished - depth.Ready)),
            Unpublished = backlog.Unpublished,
            Unfinished = totals.Unfinished,
            OldestAge = (now - backlog.Oldest)?.TotalSeconds,
            WorkWaiting = totals.WorkWaiting,
            ArrivalsPerSecond = Rate(totals.Accepted - then.Accepted),
            CompletionsPerSecond = Rate(totals.Finished - then.Finished),
            WorkPerSecond = Rate(totals.WorkFinished - then.WorkFinished),
        };

        double? Rate(long difference) => seconds > 0 ? difference / seconds : null;
    }

    // A broker that takes its time must not keep us from what the database says: its answer may come with a later report.
    private async Task<QueueDepth?> ReadDepthAsync(CancellationToken cancellationToken)
    {
        if (_depth.IsCompleted)
        {
            _depth = TryAsync("queue", queue.GetDepthAsync, cancellationToken);
        }
        return await Task.WhenAny(_depth, Task.Delay(Interval, time, cancellationToken)) == _depth ? await _depth : null;
    }

    private async Task<T?> TryAsync<T>(string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (Exception e) when (e is QueueUnavailableException or DbException)
        {
            NotRead(log, what, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The {What} could not be measured: {Reason}")]
    private static partial void NotRead(ILogger log, string what, string reason);
}
