using System.Collections.Concurrent;
using System.Security.Cryptography;
using Faafo.OpenStack;
using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>
/// Receives tasks and hands each to the handler, at most <c>slots</c> at a time. During a drain it receives no new task, waits for those in
/// flight until the deadline, returns the others to the queue, and ends.
/// </summary>
internal sealed partial class TaskConsumer(
    WorkerOptions options, ITaskQueue queue, FractalTaskHandler handler, DrainState drain, TimeProvider time, ILogger<TaskConsumer> log)
{
    // The most messages whose failures are remembered.
    private const int MostFailed = 10_000;

    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    // Failures in this process by the SHA-256 of the message, because a classic queue does not count deliveries.
    private readonly ConcurrentDictionary<string, int> _failed = new();

    // Consecutive messages that could not be settled because the queue failed.
    private int _queueFailures;

    /// <summary>Runs until a drain is requested and no task is in flight.</summary>
    public async Task RunAsync()
    {
        using var slots = new SemaphoreSlim(options.Slots);
        while (true)
        {
            var stop = drain.Requested;
            using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            // The deadline starts with the drain, not when the sequence of tasks has ended.
            await using var deadline = stop.Register(() => abort.CancelAfter(options.DrainDeadline));
            await ReceiveAsync(slots, abort.Token, stop);
            if (drain.IsDraining)
            {
                return;
            }
            Resumed(log);
        }
    }

    // Returns after a drain is requested and all received tasks have ended.
    private async Task ReceiveAsync(SemaphoreSlim slots, CancellationToken abort, CancellationToken stop)
    {
        var running = new HashSet<Task>();
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var delivery in queue.ReceiveAsync(options.Slots, stop))
                {
                    failures = 0;
                    running.RemoveWhere(task => task.IsCompleted);
                    running.Add(Task.Run(() => HandleAsync(delivery, slots, abort), CancellationToken.None));
                }
            }
            catch (QueueUnavailableException e)
            {
                failures++;
                if (failures == 1)
                {
                    QueueUnavailable(log, e.Message);
                }
                await PauseAsync(failures, stop);
            }
        }
        await Task.WhenAll(running);
    }

    private async Task HandleAsync(Delivery delivery, SemaphoreSlim slots, CancellationToken abort)
    {
        // After a lost connection, new deliveries arrive while the old ones are still being handled.
        await slots.WaitAsync(CancellationToken.None);
        try
        {
            await handler.HandleAsync(delivery, abort);
            Interlocked.Exchange(ref _queueFailures, 0);
        }
        catch (Exception e)
        {
            await RetryAsync(delivery, e, abort);
        }
        finally
        {
            slots.Release();
        }
    }

    // A message that could not be settled is retried here or by another worker, but after a pause and within a limit, because a queue
    // delivers a returned message immediately. The slot stays occupied during the pause.
    private async Task RetryAsync(Delivery delivery, Exception failure, CancellationToken abort)
    {
        int failures;
        if (failure is QueueUnavailableException)
        {
            failures = Interlocked.Increment(ref _queueFailures);
            NotSettled(log, failure.Message);
        }
        else
        {
            failures = CountFailure(delivery);
            Failed(log, failure, failures, TaskQueue.DeliveryLimit);
            if (failures >= TaskQueue.DeliveryLimit && await TrySettleAsync(() => GiveUpAsync(delivery, failure, failures, abort)))
            {
                return;
            }
        }
        await PauseAsync(failures, abort);
        await TrySettleAsync(() => delivery.ReturnAsync(CancellationToken.None));
    }

    private async Task GiveUpAsync(Delivery delivery, Exception failure, int failures, CancellationToken abort)
    {
        var reason = $"gave up after {failures} failed attempts: {failure.Message}";
        try
        {
            await handler.GiveUpAsync(delivery, reason, abort);
        }
        catch (Exception e) when (e is not QueueUnavailableException && !abort.IsCancellationRequested)
        {
            // The failure of the fractal cannot be reported; keep its message.
            await delivery.DeadLetterAsync(reason, CancellationToken.None);
        }
        _failed.TryRemove(Fingerprint(delivery), out _);
    }

    private async Task<bool> TrySettleAsync(Func<Task> settle)
    {
        try
        {
            await settle();
            return true;
        }
        catch (Exception e) when (e is QueueUnavailableException or OperationCanceledException)
        {
            NotSettled(log, e.Message);
            return false;
        }
    }

    private int CountFailure(Delivery delivery)
    {
        if (_failed.Count >= MostFailed)
        {
            _failed.Clear();        // other workers have settled them; the delivery count of a quorum queue still applies
        }
        return Math.Max(_failed.AddOrUpdate(Fingerprint(delivery), 1, (_, before) => before + 1), delivery.EarlierDeliveries + 1);
    }

    private static string Fingerprint(Delivery delivery) => Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span));

    private async Task PauseAsync(int failures, CancellationToken stop)
    {
        try
        {
            await Task.Delay(Backoff.After(failures), time, stop);
        }
        catch (OperationCanceledException)
        {
            // The caller checks the token.
        }
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Warning, Message = "Task queue unavailable, retrying: {Reason}")]
    private static partial void QueueUnavailable(ILogger log, string reason);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning, Message = "Message not settled, the queue will deliver it again: {Reason}")]
    private static partial void NotSettled(ILogger log, string reason);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Error, Message = "Task failed unexpectedly (attempt {Failures} of {Limit})")]
    private static partial void Failed(ILogger log, Exception exception, int failures, int limit);

    [LoggerMessage(EventId = 2023, Level = LogLevel.Information, Message = "Receiving tasks again")]
    private static partial void Resumed(ILogger log);
}
