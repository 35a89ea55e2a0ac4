using System.Threading.Channels;
using Faafo.Api.Database;
using Faafo.Api.Outbox;
using Faafo.Api.Queue;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// The one writer of fractals in this process. Requests that arrive while a transaction commits share the next one, so a commit is
/// paid once for many requests and a lone request never waits for company. When the database or the queue falls behind, it says so
/// (503) instead of taking more and more.
/// </summary>
internal sealed partial class GroupCommitWriter(
    ApiOptions options, FractalDatabase database, OutboxPublisher outbox, QueueMetrics meter, TimeProvider time, ILogger<GroupCommitWriter> log)
    : BackgroundService
{
    private const int MostWaiting = 10_000;
    private const int MostInTransaction = 500;

    // A transaction that takes longer than this is a database that does not answer.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    // When the transaction under way was begun; 0 when there is none.
    private long _begun;

    /// <summary>Inserts a fractal and its outbox entry; returns when it was accepted, or null when the uuid is taken.</summary>
    /// <exception cref="ServiceUnavailableException">The database or the queue is behind, or the database failed; nothing was accepted.</exception>
    public Task<DateTimeOffset?> InsertAsync(FractalTask task, CancellationToken cancellationToken) =>
        meter.Latest.Unpublished >= options.OutboxLimit
            ? throw new ServiceUnavailableException("the queue does not take what was accepted: come again")
            : EnqueueAsync(new Write(task, null), cancellationToken);

    /// <summary>Enters an outcome; returns the row, or null when there is none that could take it: it is gone, or was finished before.</summary>
    /// <exception cref="ServiceUnavailableException">The database is behind or failed.</exception>
    public async Task<Fractal?> FinishAsync(Outcome outcome, CancellationToken cancellationToken)
    {
        var write = new Write(null, outcome);
        await EnqueueAsync(write, cancellationToken);
        return write.Entered;
    }

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
        if (Interlocked.Read(ref _begun) is > 0 and var begun && time.GetElapsedTime(begun) > Timeout || !_writes.Writer.TryWrite(write))
        {
            throw new ServiceUnavailableException(ServiceUnavailableException.NoAnswer);
        }
        return await write.Result.Task.WaitAsync(cancellationToken);
    }

    // Not cancelled by a stop: what was begun is finished, and its callers get their answer.
    private async Task WriteAsync(List<Write> batch)
    {
        var now = time.GetUtcNow();
        Interlocked.Exchange(ref _begun, time.GetTimestamp());
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
            // Of two outcomes of one fractal, a picture goes before a failure, as it would if each had a transaction of its own.
            var outcomes = batch.Where(w => w.Outcome is not null).OrderBy(w => w.Outcome!.Error is not null).ToArray();
            if (outcomes.Length > 0)
            {
                var entered = (await database.FinishAsync([.. outcomes.Select(w => w.Outcome!).DistinctBy(o => o.Uuid)], now, CancellationToken.None))
                    .ToDictionary(f => f.Uuid);
                foreach (var write in outcomes)
                {
                    write.Entered = entered.Remove(write.Outcome!.Uuid, out var fractal) ? fractal : null;
                }
            }
            foreach (var write in batch)
            {
                write.Result.TrySetResult(null);       // what is left: outcomes, and a uuid given twice in one batch
            }
        }
        catch (Exception e)
        {
            WriteFailed(log, e, batch.Count);
            // Those behind it were not begun. They come again, rather than waiting for as long as these have.
            while (_writes.Reader.TryRead(out var behind))
            {
                batch.Add(behind);
            }
            foreach (var write in batch)
            {
                write.Result.TrySetException(new ServiceUnavailableException(ServiceUnavailableException.NoAnswer, e));
            }
        }
        finally
        {
            Interlocked.Exchange(ref _begun, 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database refused {Count} writes")]
    private static partial void WriteFailed(ILogger log, Exception exception, int count);

    private sealed record Write(FractalTask? Task, Outcome? Outcome)
    {
        public Fractal? Entered { get; set; }

        public TaskCompletionSource<DateTimeOffset?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
