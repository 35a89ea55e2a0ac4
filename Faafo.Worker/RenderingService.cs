using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>
/// Takes tasks while the worker is wanted and hands each to the handler, at most <c>slots</c> at a time. When it is to leave, by a
/// signal or a drain, it takes nothing new, lets what it holds end until the deadline, hands the rest back, and returns.
/// </summary>
internal sealed partial class RenderingService(
    WorkerOptions options, ITaskQueue queue, FractalTaskHandler handler, WorkerNode node, TimeProvider time, ILogger<RenderingService> log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

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
        }
        catch (QueueUnavailableException e)
        {
            NotAcknowledged(log, e.Message);
        }
        catch (Exception e)
        {
            Unexpected(log, e);
            await TryReturnAsync(delivery);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task TryReturnAsync(Delivery delivery)
    {
        try
        {
            await delivery.ReturnAsync(CancellationToken.None);
        }
        catch (QueueUnavailableException e)
        {
            NotAcknowledged(log, e.Message);
        }
    }

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message could not be acknowledged and will come again: {Reason}")]
    private static partial void NotAcknowledged(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A task met an unexpected error and is handed back")]
    private static partial void Unexpected(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The drain was taken back: taking tasks again")]
    private static partial void Resumed(ILogger log);
}
