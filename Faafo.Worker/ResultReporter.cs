using Faafo.Fractals;
using Faafo.Images;
using Faafo.OpenStack;
using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>
/// Reports results to the API and retries for as long as it takes. Every outcome leaves a row that is done, failed or deleted. A stored
/// image is kept while the API is unreachable, however long that is, and is never rendered again. Responses of a proxy in front of the API
/// are not taken for responses of the API.
/// </summary>
internal sealed partial class ResultReporter(
    WorkerOptions options, IImageStore images, IFaafoApi api, TimeProvider time, ILogger<ResultReporter> log)
{
    // How long a shared store may take until the API sees an image that was just written.
    private static readonly TimeSpan StoreDelay = TimeSpan.FromSeconds(3);

    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    private bool _sendsImages;

    /// <summary>Whether images are sent to the API, because its image store lacks an image that this worker has stored.</summary>
    public bool SendsImages => Volatile.Read(ref _sendsImages);

    /// <summary>
    /// Reports a result. Returns true if the API has the result or no longer needs one, false if the message was dead-lettered.
    /// </summary>
    public async Task<bool> ReportAsync(Delivery delivery, Guid uuid, FractalResult result, CancellationToken abort)
    {
        long? missingSince = null;
        for (var failures = 1; ; failures++)
        {
            try
            {
                if (!await api.PutResultAsync(uuid, result, abort))
                {
                    Deleted(log, uuid);     // its image stays: a superfluous image costs less than a missing one
                }
                return true;
            }
            catch (FaafoApiException e) when (e.Type == Problem.ImageMissing && result is { Error: null, Image: null })
            {
                missingSince ??= time.GetTimestamp();
                if (SendsImages || time.GetElapsedTime(missingSince.Value) >= StoreDelay)
                {
                    result = await WithImageAsync(uuid, result, abort);
                    continue;
                }
            }
            catch (FaafoApiException e) when (IsFinal(e, result))
            {
                Rejected(log, uuid, e.Message);
                var reason = $"the API rejected the result: {e.Message}";
                if (result.Error is not null || e.Type == Problem.OtherResult)
                {
                    await delivery.DeadLetterAsync(reason, CancellationToken.None);
                    return false;
                }
                result = Failure(uuid, reason);
                continue;
            }
            catch (FaafoApiException e)
            {
                if (failures == 1)
                {
                    Unreachable(log, uuid, e.Message);
                }
            }
            await Task.Delay(Backoff.After(failures), time, abort);
        }
    }

    /// <summary>Returns whether a fractal is done, failed or deleted.</summary>
    public async Task<bool> IsFinishedAsync(Guid uuid, CancellationToken abort)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await api.FindAsync(uuid, abort) is null or { IsFinished: true };
            }
            catch (FaafoApiException e)
            {
                if (failures == 1)
                {
                    StateUnknown(log, uuid, e.Message);
                }
                await Task.Delay(Backoff.After(failures), time, abort);
            }
        }
    }

    /// <summary>Creates the result of a failed fractal, within the API's limits, so that the reason itself is never rejected.</summary>
    public FractalResult Failure(Guid uuid, string reason)
    {
        var error = reason.Replace('\0', ' ');
        return new FractalResult
        {
            Uuid = uuid,
            Error = error.Length > FractalResult.LongestError ? error[..FractalResult.LongestError] : error,
            GeneratedBy = options.NodeName,
        };
    }

    // A proxy that rejects a body of this size will reject it again.
    private static bool IsFinal(FaafoApiException e, FractalResult result) =>
        e.IsRefusal || (e.Status == 413 && result.Image is not null);

    private async Task<FractalResult> WithImageAsync(Guid uuid, FractalResult result, CancellationToken abort)
    {
        if (result.Size > FractalResult.LargestImage)
        {
            return Failure(uuid, $"the API's image store lacks the image, whose {result.Size} bytes exceed the "
                + $"{FractalResult.LargestImage} that can be sent to it: set --image-store-url of worker and API to the same store");
        }
        if (!Interlocked.Exchange(ref _sendsImages, true))
        {
            StoresDiffer(log, uuid);
        }
        for (var failures = 1; ; failures++)
        {
            try
            {
                await using var stored = await images.OpenReadAsync(uuid, abort);
                if (stored is null)
                {
                    return Failure(uuid, "the image was removed from the worker's image store, and the API's does not have it");
                }
                using var memory = new MemoryStream((int)result.Size!.Value);
                await stored.CopyToAsync(memory, abort);
                return result with { Image = memory.ToArray() };
            }
            catch (Exception e) when (e is ImageStoreException or IOException)
            {
                StoreUnavailable(log, uuid, e.Message);
                await Task.Delay(Backoff.After(failures), time, abort);
            }
        }
    }

    [LoggerMessage(EventId = 2050, Level = LogLevel.Information, Message = "Fractal {Uuid} was deleted before its result was reported")]
    private static partial void Deleted(ILogger log, Guid uuid);

    [LoggerMessage(EventId = 2051, Level = LogLevel.Warning, Message = "API unreachable, holding the result of {Uuid}: {Reason}")]
    private static partial void Unreachable(ILogger log, Guid uuid, string reason);

    [LoggerMessage(EventId = 2052, Level = LogLevel.Warning, Message = "API unreachable, retrying to read the state of {Uuid}: {Reason}")]
    private static partial void StateUnknown(ILogger log, Guid uuid, string reason);

    [LoggerMessage(EventId = 2053, Level = LogLevel.Error, Message = "API rejected the result of {Uuid}: {Reason}")]
    private static partial void Rejected(ILogger log, Guid uuid, string reason);

    [LoggerMessage(EventId = 2054, Level = LogLevel.Warning, Message = "Image {Uuid} is missing from the API's image store: worker and API "
        + "have different stores. Sending images to the API from now on; set --image-store-url of both to the same store to avoid that")]
    private static partial void StoresDiffer(ILogger log, Guid uuid);

    [LoggerMessage(EventId = 2055, Level = LogLevel.Warning, Message = "Image store unavailable, retrying to read {Uuid}: {Reason}")]
    private static partial void StoreUnavailable(ILogger log, Guid uuid, string reason);
}
