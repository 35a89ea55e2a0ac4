using System.Collections.Concurrent;
using System.Security.Cryptography;
using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>
/// Takes tasks while the worker is wanted and hands each to the handler, at most <c>slots</c> at a time. When it is to leave, by a
/// signal or a drain, it takes nothing new, lets what it holds end until the deadline, hands the rest back, and returns.
/// </summary>
internal sealed partial class TaskConsumer(
    WorkerOptions options, ITaskQueue queue, FractalTaskHandler handler, InFlightTasks node, TimeProvider time, ILogger<TaskConsumer> log)
{
    // Most messages whose failures are remembered at a time.
    private const int MostFailed = 10_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // Failures of messages in this process, by the SHA-256 of the message: a classic queue does not count deliveries.
    private readonly ConcurrentDictionary<string, int> _failed = new();

    // Messages in a row that the queue did not let end.
    private int _queueFailures;

    /// <summary>Runs until the node has been told to leave and holds nothing any more.</summary>
    public async Task RunAsync()
    {
        using var slots = new SemaphoreSlim(options.Slots);
        while (true)
        {
            var leave = node.Drained;
            using var abort = new CancellationTokenSource();
            // The deadline runs from the moment of leaving, not from when the sequence of tasks has ended.
            await using var deadline = leave.Register(() => abort.CancelAfter(options.DrainDeadline));
            await TakeAsync(slots, abort.Token, leave);
            if (node.IsDraining)
            {
                return;
            }
            Resumed(log);
        }
    }

    // Returns when it is to leave and all that was taken has ended.
    private async Task TakeAsync(SemaphoreSlim slots, CancellationToken abort, CancellationToken leave)
    {
        var running = new HashSet<Task>();
        for (var failures = 0; !leave.IsCancellationRequested;)
        {
            try
            {
                await foreach (var delivery in queue.ReceiveAsync(options.Slots, leave))
                {
                    failures = 0;
                    running.RemoveWhere(t => t.IsCompleted);
                    running.Add(Task.Run(() => HandleAsync(delivery, slots, abort), CancellationToken.None));
                }
            }
            catch (QueueUnavailableException e)
            {
                if (failures++ == 0)
                {
                    QueueAway(log, e.Message);
                }
                await PauseAsync(failures, leave);
            }
        }
        await Task.WhenAll(running);
    }

    private async Task HandleAsync(Delivery delivery, SemaphoreSlim slots, CancellationToken abort)
    {
        // After a lost connection, new deliveries come while the old ones are still worked on.
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

    // A message that could not be ended is tried again, here or by another worker, but never at once and never without a limit: a queue
    // delivers at once what is returned to it. The slot stays taken during the pause.
    private async Task RetryAsync(Delivery delivery, Exception failure, CancellationToken abort)
    {
        int failures;
        if (failure is QueueUnavailableException)
        {
            failures = Interlocked.Increment(ref _queueFailures);
            NotEnded(log, failure.Message);
        }
        else
        {
            failures = CountFailure(delivery);
            Unexpected(log, failure, failures, TaskQueue.DeliveryLimit);
            if (failures >= TaskQueue.DeliveryLimit && await TryEndAsync(() => GiveUpAsync(delivery, failure, failures, abort)))
            {
                return;
            }
        }
        await PauseAsync(failures, abort);
        await TryEndAsync(() => delivery.ReturnAsync(CancellationToken.None));
    }

    private async Task GiveUpAsync(Delivery delivery, Exception failure, int failures, CancellationToken abort)
    {
        var reason = $"given up after {failures} failed attempts: {failure.Message}";
        try
        {
            await handler.GiveUpAsync(delivery, reason, abort);
        }
        catch (Exception e) when (e is not QueueUnavailableException && !abort.IsCancellationRequested)
        {
            await delivery.DeadLetterAsync(reason, CancellationToken.None);     // its row cannot be reported; the message is kept anyway
        }
        _failed.TryRemove(Fingerprint(delivery), out _);
    }

    private async Task<bool> TryEndAsync(Func<Task> end)
    {
        try
        {
            await end();
            return true;
        }
        catch (Exception e) when (e is QueueUnavailableException or OperationCanceledException)
        {
            NotEnded(log, e.Message);
            return false;
        }
    }

    private int CountFailure(Delivery delivery)
    {
        if (_failed.Count >= MostFailed)
        {
            _failed.Clear();        // other workers have ended them; the count of the queue, where it has one, still holds
        }
        return Math.Max(_failed.AddOrUpdate(Fingerprint(delivery), 1, (_, before) => before + 1), delivery.EarlierDeliveries + 1);
    }

    private static string Fingerprint(Delivery delivery) => Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span));

    private async Task PauseAsync(int failures, CancellationToken leave)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 50 << Math.Min(failures, 10))), time, leave);
        }
        catch (OperationCanceledException)
        {
            // Leaving: the loop sees it.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the queue: {Reason}")]
    private static partial void QueueAway(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message could not be ended and will be delivered again: {Reason}")]
    private static partial void NotEnded(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A task met an unexpected error, attempt {Failures} of {Limit}")]
    private static partial void Unexpected(ILogger log, Exception exception, int failures, int limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "The drain was taken back: taking tasks again")]
    private static partial void Resumed(ILogger log);
}
