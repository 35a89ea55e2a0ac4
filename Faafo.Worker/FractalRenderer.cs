using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.OpenStack;
using Faafo.Worker.Julia;

namespace Faafo.Worker;

/// <summary>Renders a task into the image store, or into memory once images are sent to the API.</summary>
internal sealed partial class FractalRenderer(
    WorkerOptions options, IImageStore images, ResultReporter reporter, InFlightTasks inFlight, TimeProvider time,
    ILogger<FractalRenderer> log)
{
    // The largest picture that is rendered into memory to be sent to the API: a pixel takes at most a byte, and there is a small overhead.
    private const long MostPixelsInMemory = 16 << 20;

    // Smaller pictures are rendered by one core; other slots use the other cores.
    private const long SeveralCoresFrom = 4 << 20;

    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    /// <summary>Renders and stores the image, retrying while the image store is unavailable, and returns the result to report.</summary>
    public async Task<FractalResult> RenderAsync(FractalTask task, CancellationToken abort)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await RenderOnceAsync(task, abort);
            }
            catch (ImageStoreException e)
            {
                StoreUnavailable(log, task.Uuid, e.Message);
                await Task.Delay(Backoff.After(failures), time, abort);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Failed(log, e, task.Uuid);
                return reporter.Failure(task.Uuid, $"rendering failed: {e.Message}");
            }
        }
    }

    private async Task<FractalResult> RenderOnceAsync(FractalTask task, CancellationToken abort)
    {
        var picture = JuliaPicture.Of(task);
        var pixels = (long)task.Width * task.Height;
        var cores = pixels >= SeveralCoresFrom ? Math.Max(1, Environment.ProcessorCount / Math.Max(1, inFlight.Count)) : 1;
        var started = time.GetTimestamp();
        byte[]? sent = null;
        StoredImage image;
        if (reporter.SendsImages && pixels <= MostPixelsInMemory)
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
        var duration = time.GetElapsedTime(started);
        Rendered(log, task.Uuid, task.Width, task.Height, image.Size, duration.TotalSeconds);
        return new FractalResult
        {
            Uuid = task.Uuid,
            Duration = duration.TotalSeconds,
            Checksum = image.Checksum,
            Size = image.Size,
            Image = sent,
            GeneratedBy = options.NodeName,
        };

        Task WriteAsync(Stream stream, CancellationToken stop) =>
            Task.Run(() => JuliaPng.Write(picture, stream, cores, stop), CancellationToken.None);
    }

    [LoggerMessage(EventId = 2040, Level = LogLevel.Information,
        Message = "Rendered {Uuid}: {Width} x {Height} pixels, {Size} bytes, {Seconds:0.000} s")]
    private static partial void Rendered(ILogger log, Guid uuid, int width, int height, long size, double seconds);

    [LoggerMessage(EventId = 2041, Level = LogLevel.Warning, Message = "Image store unavailable, retrying {Uuid}: {Reason}")]
    private static partial void StoreUnavailable(ILogger log, Guid uuid, string reason);

    [LoggerMessage(EventId = 2042, Level = LogLevel.Error, Message = "Rendering {Uuid} failed")]
    private static partial void Failed(ILogger log, Exception exception, Guid uuid);
}
