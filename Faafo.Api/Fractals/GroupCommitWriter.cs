using System.Threading.Channels;
using Faafo.Api.Http;
using Faafo.Api.Outbox;
using Faafo.Api.Queue;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// The only writer of fractals in this process. Requests that arrive while a transaction commits share the next one (group commit): many
/// requests cost one commit, and a lone request never waits for others. When the database or the queue falls behind, requests are rejected
/// (503) instead of piling up.
/// </summary>
internal sealed partial class GroupCommitWriter(
    ApiOptions options, FractalStore fractals, OutboxPublisher outbox, QueueMetrics metrics, TimeProvider time,
    ILogger<GroupCommitWriter> log) : BackgroundService
{
    private const int MostWaiting = 10_000;
    private const int MostInTransaction = 500;

    // While a transaction takes longer than this, new requests are rejected.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Channel<IPending> _waiting =
        Channel.CreateBounded<IPending>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    // When the current transaction started; 0 between transactions.
    private long _started;

    /// <summary>Inserts a fractal and its outbox entry; returns when it was accepted, or null when the uuid is taken.</summary>
    /// <exception cref="ServiceUnavailableException">
    /// The database or the queue is behind, or the database failed; nothing was accepted.
    /// </exception>
    public Task<DateTimeOffset?> InsertAsync(FractalTask task, CancellationToken cancellationToken)
    {
        if (metrics.Latest.Unpublished >= options.OutboxLimit)
        {
            throw new ServiceUnavailableException("too many accepted fractals are waiting for the queue; retry later");
        }
        return EnqueueAsync(new Pending<FractalTask, DateTimeOffset?>(task), cancellationToken);
    }

    /// <summary>Records an outcome; returns the changed row, or null when the fractal was deleted or finished before.</summary>
    /// <exception cref="ServiceUnavailableException">The database is behind or failed.</exception>
    public Task<Fractal?> FinishAsync(Outcome outcome, CancellationToken cancellationToken) =>
        EnqueueAsync(new Pending<Outcome, Fractal?>(outcome), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<IPending>();
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < MostInTransaction && _waiting.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }
            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task<TResult> EnqueueAsync<TItem, TResult>(Pending<TItem, TResult> pending, CancellationToken cancellationToken)
    {
        var started = Interlocked.Read(ref _started);
        var isSlow = started > 0 && time.GetElapsedTime(started) > Timeout;
        if (isSlow || !_waiting.Writer.TryWrite(pending))
        {
            throw new ServiceUnavailableException(ServiceUnavailableException.Database);
        }
        return await pending.Result.WaitAsync(cancellationToken);
    }

    // Not cancelled on shutdown: a transaction that has begun is finished, and its callers get their answers.
    private async Task WriteAsync(List<IPending> batch)
    {
        var now = time.GetUtcNow();
        Interlocked.Exchange(ref _started, time.GetTimestamp());
        try
        {
            await InsertAsync([.. batch.OfType<Pending<FractalTask, DateTimeOffset?>>()], now);
            await FinishAsync([.. batch.OfType<Pending<Outcome, Fractal?>>()], now);
        }
        catch (Exception e)
        {
            WriteFailed(log, e, batch.Count);
            FailAll(batch, e);
        }
        finally
        {
            Interlocked.Exchange(ref _started, 0);
        }
    }

    private async Task InsertAsync(Pending<FractalTask, DateTimeOffset?>[] tasks, DateTimeOffset now)
    {
        if (tasks.Length == 0)
        {
            return;
        }
        var inserted = await fractals.InsertAsync(
            [.. tasks.Select(pending => pending.Item).DistinctBy(task => task.Uuid)], now, CancellationToken.None);
        var accepted = new HashSet<Guid>(inserted);
        foreach (var pending in tasks)
        {
            // Only the first of several tasks with one uuid is accepted.
            pending.Complete(accepted.Remove(pending.Item.Uuid) ? now : null);
        }
        outbox.Wake();
    }

    private async Task FinishAsync(Pending<Outcome, Fractal?>[] outcomes, DateTimeOffset now)
    {
        if (outcomes.Length == 0)
        {
            return;
        }
        // Of two outcomes of one fractal, a picture precedes a failure, as it would if each had a transaction of its own.
        var ordered = outcomes.OrderBy(pending => pending.Item.Error is not null).ToArray();
        var changed = (await fractals.FinishAsync(
            [.. ordered.Select(pending => pending.Item).DistinctBy(outcome => outcome.Uuid)], now, CancellationToken.None))
            .ToDictionary(row => row.Uuid);
        foreach (var pending in ordered)
        {
            pending.Complete(changed.Remove(pending.Item.Uuid, out var row) ? row : null);
        }
    }

    // Requests behind the failed transaction fail as well: they retry, rather than wait as long as these have.
    private void FailAll(List<IPending> batch, Exception reason)
    {
        while (_waiting.Reader.TryRead(out var pending))
        {
            batch.Add(pending);
        }
        foreach (var pending in batch)
        {
            pending.Fail(new ServiceUnavailableException(ServiceUnavailableException.Database, reason));
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Error, Message = "Writing {Count} requests to the database failed")]
    private static partial void WriteFailed(ILogger log, Exception exception, int count);
}
