using System.Diagnostics;
using System.Security.Cryptography;
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
    WorkerOptions options, IImageStore images, IFaafoApi api, InFlightTasks node, TimeProvider time, ILogger<FractalTaskHandler> log)
{
    // A picture that is sent to the API is drawn into memory if it cannot exceed this; a pixel is at most a byte of it, and some more.
    private const long MostInMemory = 16 << 20;

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
        var pixels = (long)task.Width * task.Height;
        for (var tries = 0; ; tries++)
        {
            try
            {
                var cores = pixels >= SeveralCoresFrom ? Math.Max(1, Environment.ProcessorCount / Math.Max(1, node.Busy)) : 1;
                var started = Stopwatch.GetTimestamp();
                Task WriteAsync(Stream stream, CancellationToken stop) =>
                    Task.Run(() => JuliaPng.Write(picture, stream, cores, stop), CancellationToken.None);
                byte[]? sent = null;
                StoredImage image;
                if (_sendsImages && pixels <= MostInMemory)
                {
                    using var memory = new MemoryStream();
                    await WriteAsync(memory, abort);
                    sent = memory.ToArray();
                    image = new StoredImage(sent.Length, Convert.ToHexStringLower(SHA256.HashData(sent)));
                }
                else
                {
                    image = await images.WriteAsync(task.Uuid, WriteAsync, abort);
                }
                var duration = Stopwatch.GetElapsedTime(started);
                Drawn(log, task.Uuid, task.Width, task.Height, image.Size, duration.TotalSeconds);
                return new FractalResult
                {
                    Uuid = task.Uuid,
                    Duration = duration.TotalSeconds,
                    Checksum = image.Checksum,
                    Size = image.Size,
                    Image = sent,
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
                return Failure(task.Uuid, $"cannot be drawn: {e.Message}");
            }
        }
    }

    private async Task GiveUpAsync(Delivery delivery, Guid? uuid, string reason, CancellationToken abort)
    {
        GivenUp(log, uuid, reason);
        if (uuid is { } known && !await ReportAsync(delivery, known, Failure(known, reason), abort))
        {
            return;
        }
        await delivery.DeadLetterAsync(reason, CancellationToken.None);
    }

    private Task PauseAsync(int tries, CancellationToken abort) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 << Math.Min(tries, 10))), time, abort);

    [LoggerMessage(Level = LogLevel.Information, Message = "Drew {Uuid}: {Width} x {Height} pixels, {Size} bytes, {Seconds:0.000} s")]
    private static partial void Drawn(ILogger log, Guid uuid, int width, int height, long size, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Uuid} waits for the image store: {Reason}")]
    private static partial void StoreAway(ILogger log, Guid uuid, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Uuid} cannot be drawn")]
    private static partial void NotDrawn(ILogger log, Exception exception, Guid uuid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message for {Uuid} is dead-lettered: {Reason}")]
    private static partial void GivenUp(ILogger log, Guid? uuid, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A task is handed back")]
    private static partial void HandedBack(ILogger log);
}
