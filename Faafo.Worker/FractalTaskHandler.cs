using System.Diagnostics;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Queueing;
using Faafo.Worker.Julia;

namespace Faafo.Worker;

/// <summary>
/// The way of one message: parse, draw into the image store, report to the API, acknowledge last. Whatever happens on the way, the
/// message is acknowledged only when the image is stored and the API has the result, or when the row says why there is none.
/// </summary>
internal sealed partial class FractalTaskHandler(
    WorkerOptions options, IImageStore images, FaafoClient api, WorkerNode node, TimeProvider time, ILogger<FractalTaskHandler> log)
{
    // A picture of fewer pixels is drawn by one core: there are other slots for the other cores.
    private const long SeveralCoresFrom = 4 << 20;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Handles a message; <paramref name="abort"/> makes it hand the message back.</summary>
    public async Task HandleAsync(Delivery delivery, CancellationToken abort)
    {
        try
        {
            var task = FractalTask.Parse(delivery.Body.Span);
            await node.HoldAsync(task.Uuid, () => HandleAsync(delivery, task, abort));
        }
        catch (MalformedTaskException e)
        {
            await GiveUpAsync(delivery, e.Uuid, e.Message, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            HandedBack(log);
            await delivery.ReturnAsync(CancellationToken.None);
        }
    }

    /// <summary>Ends a message that no attempt can handle: its row becomes failed, and it goes to the dead letters.</summary>
    public Task GiveUpAsync(Delivery delivery, string reason, CancellationToken abort) =>
        GiveUpAsync(delivery, FractalTask.TryReadUuid(delivery.Body.Span), reason, abort);

    private async Task HandleAsync(Delivery delivery, FractalTask task, CancellationToken abort)
    {
        if (delivery.EarlierDeliveries >= TaskQueue.DeliveryLimit)
        {
            await GiveUpAsync(delivery, task.Uuid, $"given up: {delivery.EarlierDeliveries} workers took it and did not come back", abort);
            return;
        }
        if (delivery.EarlierDeliveries > 0 && await IsSettledAsync(task.Uuid, abort))
        {
            // Drawn and reported before, only the acknowledgement was lost.
            await delivery.AcknowledgeAsync(CancellationToken.None);
            return;
        }
        var result = await DrawAsync(task, abort);
        if (await ReportAsync(delivery, task.Uuid, result, abort))
        {
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
    }

    private async Task<FractalResult> DrawAsync(FractalTask task, CancellationToken abort)
    {
        var picture = new JuliaPicture(task.Width, task.Height, task.Iterations, task.Xa, task.Xb, task.Ya, task.Yb, task.Cx!.Value, task.Cy!.Value);
        for (var tries = 0; ; tries++)
        {
            try
            {
                var cores = (long)task.Width * task.Height >= SeveralCoresFrom ? Math.Max(1, Environment.ProcessorCount / Math.Max(1, node.Busy)) : 1;
                var started = Stopwatch.GetTimestamp();
                var image = await images.WriteAsync(task.Uuid, (stream, stop) => Task.Run(() => JuliaPng.Write(picture, stream, cores, stop), CancellationToken.None), abort);
                var duration = Stopwatch.GetElapsedTime(started);
                Drawn(log, task.Uuid, task.Width, task.Height, image.Size, duration.TotalSeconds);
                return new FractalResult
                {
                    Uuid = task.Uuid,
                    Duration = duration.TotalSeconds,
                    Checksum = image.Checksum,
                    Size = image.Size,
                    GeneratedBy = options.NodeName,
                };
            }
            catch (ImageStoreException e)
            {
                StoreAway(log, task.Uuid, e.Message);
                await PauseAsync(tries, abort);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                NotDrawn(log, e, task.Uuid);
                return new FractalResult { Uuid = task.Uuid, Error = $"cannot be drawn: {e.Message}", GeneratedBy = options.NodeName };
            }
        }
    }

    // True when the API has the result or wants none any more; false when the message was dead-lettered. The drawn image is kept
    // while the API is away, however long that is, and never drawn again.
    private async Task<bool> ReportAsync(Delivery delivery, Guid uuid, FractalResult result, CancellationToken abort)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (!await api.PutResultAsync(uuid, result, abort))
                {
                    DeletedMeanwhile(log, uuid);
                    await images.DeleteAsync(uuid, abort);
                }
                return true;
            }
            catch (FaafoApiException e) when (e.IsTransient)
            {
                if (tries == 0)
                {
                    ApiAway(log, uuid, e.Message);
                }
                await PauseAsync(tries, abort);
            }
            catch (FaafoApiException e) when (result.Error is null && e.Status != 409)
            {
                NotTaken(log, uuid, e.Message);
                result = new FractalResult { Uuid = uuid, Error = $"the API refused the result: {e.Message}", GeneratedBy = options.NodeName };
            }
            catch (FaafoApiException e)
            {
                NotTaken(log, uuid, e.Message);
                await delivery.DeadLetterAsync($"the API refused the result: {e.Message}", CancellationToken.None);
                return false;
            }
            catch (ImageStoreException e)
            {
                StoreAway(log, uuid, e.Message);
                return true;
            }
        }
    }

    private async Task GiveUpAsync(Delivery delivery, Guid? uuid, string reason, CancellationToken abort)
    {
        GivenUp(log, uuid, reason);
        if (uuid is { } known && !await ReportAsync(delivery, known, new FractalResult { Uuid = known, Error = reason, GeneratedBy = options.NodeName }, abort))
        {
            return;
        }
        await delivery.DeadLetterAsync(reason, CancellationToken.None);
    }

    private async Task<bool> IsSettledAsync(Guid uuid, CancellationToken abort)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await api.FindAsync(uuid, abort) is null or { IsFinished: true };
            }
            catch (FaafoApiException e) when (e.IsTransient)
            {
                await PauseAsync(tries, abort);
            }
        }
    }

    private Task PauseAsync(int tries, CancellationToken abort) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 << Math.Min(tries, 10))), time, abort);

    [LoggerMessage(Level = LogLevel.Information, Message = "Drew {Uuid}: {Width} x {Height} pixels, {Size} bytes, {Seconds:0.000} s")]
    private static partial void Drawn(ILogger log, Guid uuid, int width, int height, long size, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Uuid} waits for the image store: {Reason}")]
    private static partial void StoreAway(ILogger log, Guid uuid, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Uuid} cannot be drawn")]
    private static partial void NotDrawn(ILogger log, Exception exception, Guid uuid);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Uuid} was deleted meanwhile; its image is dropped")]
    private static partial void DeletedMeanwhile(ILogger log, Guid uuid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Uuid} is drawn and waits for the API: {Reason}")]
    private static partial void ApiAway(ILogger log, Guid uuid, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The API refused the result of {Uuid}: {Reason}")]
    private static partial void NotTaken(ILogger log, Guid uuid, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message for {Uuid} is dead-lettered: {Reason}")]
    private static partial void GivenUp(ILogger log, Guid? uuid, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A task is handed back")]
    private static partial void HandedBack(ILogger log);
}
