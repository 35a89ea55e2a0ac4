using System.Data.Common;
using Faafo.Api.Database;
using Faafo.Queueing;

namespace Faafo.Api.Outbox;

/// <summary>
/// Brings accepted tasks from the outbox to the queue: publish, wait for the broker's confirms, delete. A broker that is away costs
/// nothing but delay. Entries of an API that died are found by the others, or by itself when it is back.
/// </summary>
internal sealed partial class OutboxPublisher(FractalDatabase database, ITaskQueue queue, TimeProvider time, ILogger<OutboxPublisher> log)
    : BackgroundService
{
    private const int MostAtOnce = 500;

    // How long the entries of a dead API may lie, and the longest pause between two tries of a queue that is away.
    private static readonly TimeSpan IdleDelay = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Says that there are new entries.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look anyway.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await database.PublishAsync(MostAtOnce, entries =>
                    queue.PublishAsync([.. entries.Select(e => (ReadOnlyMemory<byte>)e.Body)], stoppingToken), stoppingToken) == MostAtOnce)
                {
                }
                if (failures > 0)
                {
                    Recovered(log, failures);
                }
                failures = 0;
                await _wake.WaitAsync(IdleDelay, stoppingToken);
            }
            catch (Exception e) when (e is QueueUnavailableException or DbException)
            {
                if (failures++ == 0)
                {
                    Waiting(log, e.Message);
                }
                var pause = TimeSpan.FromMilliseconds(Math.Min(IdleDelay.TotalMilliseconds, 50 << Math.Min(failures, 10)));
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Accepted tasks wait for the queue: {Reason}")]
    private static partial void Waiting(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue takes tasks again after {Failures} failed tries")]
    private static partial void Recovered(ILogger log, int failures);
}
