using Faafo.Fractals;
using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>
/// Handles one message: parses it, renders into the image store, reports to the API, and acknowledges last. A message is acknowledged only
/// after the image is stored and the API has the result, or after the row states why there is no image.
/// </summary>
internal sealed partial class FractalTaskHandler(
    FractalRenderer renderer, ResultReporter reporter, InFlightTasks inFlight, ILogger<FractalTaskHandler> log)
{
    /// <summary>Handles a message. If <paramref name="abort"/> is set meanwhile, the message is returned to the queue.</summary>
    public async Task HandleAsync(Delivery delivery, CancellationToken abort)
    {
        try
        {
            var task = FractalTask.Parse(delivery.Body.Span);
            await inFlight.HoldAsync(task.Uuid, () => HandleAsync(delivery, task, abort));
        }
        catch (MalformedTaskException e)
        {
            await GiveUpAsync(delivery, e.Uuid, e.Message, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            Returned(log);
            await delivery.ReturnAsync(CancellationToken.None);
        }
    }

    /// <summary>Settles a message that no attempt can handle: the fractal fails, and the message is dead-lettered.</summary>
    public Task GiveUpAsync(Delivery delivery, string reason, CancellationToken abort) =>
        GiveUpAsync(delivery, FractalTask.TryReadUuid(delivery.Body.Span), reason, abort);

    private async Task HandleAsync(Delivery delivery, FractalTask task, CancellationToken abort)
    {
        if (delivery.EarlierDeliveries >= TaskQueue.DeliveryLimit)
        {
            var reason = $"gave up after {delivery.EarlierDeliveries} deliveries: no worker completed the task";
            await GiveUpAsync(delivery, task.Uuid, reason, abort);
            return;
        }
        if (delivery.EarlierDeliveries > 0 && await reporter.IsFinishedAsync(task.Uuid, abort))
        {
            // An earlier delivery was rendered and reported; only its acknowledgement was lost.
            await delivery.AcknowledgeAsync(CancellationToken.None);
            return;
        }
        var result = await renderer.RenderAsync(task, abort);
        if (await reporter.ReportAsync(delivery, task.Uuid, result, abort))
        {
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
    }

    private async Task GiveUpAsync(Delivery delivery, Guid? uuid, string reason, CancellationToken abort)
    {
        DeadLettered(log, uuid, reason);
        if (uuid is { } known && !await reporter.ReportAsync(delivery, known, reporter.Failure(known, reason), abort))
        {
            return;
        }
        await delivery.DeadLetterAsync(reason, CancellationToken.None);
    }

    [LoggerMessage(EventId = 2030, Level = LogLevel.Warning, Message = "Message of fractal {Uuid} dead-lettered: {Reason}")]
    private static partial void DeadLettered(ILogger log, Guid? uuid, string reason);

    [LoggerMessage(EventId = 2031, Level = LogLevel.Information, Message = "Task returned to the queue")]
    private static partial void Returned(ILogger log);
}
