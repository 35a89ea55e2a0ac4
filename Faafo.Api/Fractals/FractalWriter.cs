using System.Threading.Channels;
using Faafo.Api.Database;
using Faafo.Api.Outbox;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// The one writer of fractals in this process. Requests that arrive while a transaction commits share the next one, so a commit is
/// paid once for many requests and a lone request never waits for company.
/// </summary>
internal sealed partial class FractalWriter(FractalDatabase database, OutboxPublisher outbox, TimeProvider time, ILogger<FractalWriter> log)
    : BackgroundService
{
    private const int MostWaiting = 10_000;
    private const int MostInTransaction = 500;

    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Inserts a fractal and its outbox entry; returns when it was accepted, or null when the uuid is taken.</summary>
    /// <exception cref="DatabaseBusyException">Too much is waiting, or the database failed; nothing was accepted.</exception>
    public Task<DateTimeOffset?> InsertAsync(FractalTask task, CancellationToken cancellationToken) =>
        EnqueueAsync(new Write(task, null), cancellationToken);

    /// <summary>Enters an outcome. A row that is finished already stays as it is.</summary>
    /// <exception cref="DatabaseBusyException">Too much is waiting, or the database failed.</exception>
    public Task FinishAsync(Outcome outcome, CancellationToken cancellationToken) => EnqueueAsync(new Write(null, outcome), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Write>();
        while (await _writes.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < MostInTransaction && _writes.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }
            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task<DateTimeOffset?> EnqueueAsync(Write write, CancellationToken cancellationToken)
    {
        if (!_writes.Writer.TryWrite(write))
        {
            throw new DatabaseBusyException($"{MostWaiting} requests wait for the database");
        }
        return await write.Result.Task.WaitAsync(cancellationToken);
    }

    // Not cancelled by a stop: what was begun is finished, and its callers get their answer.
    private async Task WriteAsync(List<Write> batch)
    {
        var now = time.GetUtcNow();
        try
        {
            var tasks = batch.Where(w => w.Task is not null).DistinctBy(w => w.Task!.Uuid).ToArray();
            if (tasks.Length > 0)
            {
                var inserted = await database.InsertAsync([.. tasks.Select(w => w.Task!)], now, CancellationToken.None);
                foreach (var write in tasks)
                {
                    write.Result.TrySetResult(inserted.Contains(write.Task!.Uuid) ? now : null);
                }
                outbox.Wake();
            }
            var outcomes = batch.Where(w => w.Outcome is not null).ToArray();
            if (outcomes.Length > 0)
            {
                await database.FinishAsync([.. outcomes.Select(w => w.Outcome!).DistinctBy(o => o.Uuid)], now, CancellationToken.None);
            }
            foreach (var write in batch)
            {
                write.Result.TrySetResult(null);       // what is left: outcomes, and a uuid given twice in one batch
            }
        }
        catch (Exception e)
        {
            WriteFailed(log, e, batch.Count);
            foreach (var write in batch)
            {
                write.Result.TrySetException(new DatabaseBusyException("the database did not take it", e));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database refused {Count} writes")]
    private static partial void WriteFailed(ILogger log, Exception exception, int count);

    private sealed record Write(FractalTask? Task, Outcome? Outcome)
    {
        public TaskCompletionSource<DateTimeOffset?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The database is behind or away: the client is told to come again (503, Retry-After).</summary>
internal sealed class DatabaseBusyException(string message, Exception? inner = null) : Exception(message, inner);
