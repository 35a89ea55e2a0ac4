using System.Data.Common;
using Faafo.OpenStack;
using Faafo.Queueing;

namespace Faafo.Api.Outbox;

/// <summary>
/// Moves accepted tasks from the outbox to the queue: publish, wait for the broker's confirms, delete. While the broker is unavailable,
/// tasks are only delayed. Entries of an API that died are published by the others, or by itself after a restart.
/// </summary>
internal sealed partial class OutboxPublisher(OutboxStore outbox, ITaskQueue queue, TimeProvider time, ILogger<OutboxPublisher> log)
    : BackgroundService
{
    private const int MostAtOnce = 500;

    // How long the entries of a dead API wait at most, because nothing wakes the others for them.
    private static readonly TimeSpan IdleDelay = TimeSpan.FromSeconds(2);

    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Signals new entries.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Signalled already: it is about to poll anyway.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PublishAllAsync(stoppingToken);
                if (failures > 0)
                {
                    QueueRestored(log, failures);
                }
                failures = 0;
                await _wake.WaitAsync(IdleDelay, stoppingToken);
            }
            catch (Exception e) when (e is QueueUnavailableException or DbException)
            {
                failures++;
                if (failures == 1)
                {
                    PublishingFailed(log, e.Message);
                }
                await Task.Delay(Backoff.After(failures), time, stoppingToken);
            }
        }
    }

    private async Task PublishAllAsync(CancellationToken cancellationToken)
    {
        int count;
        do
        {
            count = await outbox.WithBatchAsync(MostAtOnce, PublishAsync, cancellationToken);
        }
        while (count == MostAtOnce);

        Task PublishAsync(IReadOnlyList<OutboxEntry> entries) =>
            queue.PublishAsync([.. entries.Select(entry => (ReadOnlyMemory<byte>)entry.Body)], cancellationToken);
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "Publishing failed; accepted tasks wait in the outbox: {Reason}")]
    private static partial void PublishingFailed(ILogger log, string reason);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Information, Message = "Publishing works again after {Failures} failed attempts")]
    private static partial void QueueRestored(ILogger log, int failures);
}
