using Faafo.Fractals;
using Faafo.Images;
using Faafo.Queueing;

namespace Faafo.Worker;

// Reports a task to the API, for as long as that takes. Every way out leaves a row that is done, failed or deleted.
internal sealed partial class FractalTaskHandler
{
    // How long a store that is shared may take to show the API what was just written into it.
    private static readonly TimeSpan StoreDelay = TimeSpan.FromSeconds(3);

    // Set when the API has not found in its image store what this worker had stored in its own.
    private bool _sendsImages;

    // True when the API has the result or wants none any more; false when the message was dead-lettered. A drawn image is kept while the
    // API is unreachable, however long that is, and never drawn again. What a proxy says in the API's place is no answer.
    private async Task<bool> ReportAsync(Delivery delivery, Guid uuid, FractalResult result, CancellationToken abort)
    {
        long? missingSince = null;
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (!await api.PutResultAsync(uuid, result, abort))
                {
                    DeletedMeanwhile(log, uuid);        // its image stays: one too many costs less than one too few
                }
                return true;
            }
            catch (FaafoApiException e) when (e.Type == Problem.ImageMissing && result is { Error: null, Image: null })
            {
                missingSince ??= time.GetTimestamp();
                if (_sendsImages || time.GetElapsedTime(missingSince.Value) >= StoreDelay)
                {
                    result = await WithImageAsync(uuid, result, abort);
                    continue;
                }
            }
            catch (FaafoApiException e) when (IsFinal(e, result))
            {
                NotTaken(log, uuid, e.Message);
                var reason = $"the API refused the result: {e.Message}";
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
                if (tries == 0)
                {
                    ApiAway(log, uuid, e.Message);
                }
            }
            await PauseAsync(tries, abort);
        }
    }

    // A proxy that does not pass on a body of this size will not do so later.
    private static bool IsFinal(FaafoApiException e, FractalResult result) =>
        e.IsRefusal || (e.Status == 413 && result.Image is not null);

    private async Task<FractalResult> WithImageAsync(Guid uuid, FractalResult result, CancellationToken abort)
    {
        if (result.Size > FractalResult.LargestImage)
        {
            return Failure(uuid, $"the API's image store does not have the picture, whose {result.Size} bytes are more than the "
                + $"{FractalResult.LargestImage} that can be sent to it: set --image-store-url of worker and API to the same store");
        }
        if (!Interlocked.Exchange(ref _sendsImages, true))
        {
            StoresDiffer(log, uuid);
        }
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var stored = await images.OpenReadAsync(uuid, abort);
                if (stored is null)
                {
                    return Failure(uuid, "the picture is neither in the worker's image store any more nor in the API's");
                }
                using var memory = new MemoryStream((int)result.Size!.Value);
                await stored.CopyToAsync(memory, abort);
                return result with { Image = memory.ToArray() };
            }
            catch (Exception e) when (e is ImageStoreException or IOException)
            {
                StoreAway(log, uuid, e.Message);
                await PauseAsync(tries, abort);
            }
        }
    }

    // Within the API's limits, so that the reason of a failure is never refused itself.
    private FractalResult Failure(Guid uuid, string reason)
    {
        var error = reason.Replace('\0', ' ');
        return new FractalResult
        {
            Uuid = uuid,
            Error = error.Length > FractalResult.LongestError ? error[..FractalResult.LongestError] : error,
            GeneratedBy = options.NodeName,
        };
    }

    private async Task<bool> IsSettledAsync(Guid uuid, CancellationToken abort)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await api.FindAsync(uuid, abort) is null or { IsFinished: true };
            }
            catch (FaafoApiException e)
            {
                if (tries == 0)
                {
                    NotKnown(log, uuid, e.Message);
                }
                await PauseAsync(tries, abort);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Uuid} was deleted before it was drawn")]
    private static partial void DeletedMeanwhile(ILogger log, Guid uuid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Uuid} is drawn and waits for the API: {Reason}")]
    private static partial void ApiAway(ILogger log, Guid uuid, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Retrying to read the state of {Uuid}: {Reason}")]
    private static partial void NotKnown(ILogger log, Guid uuid, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The API refused the result of {Uuid}: {Reason}")]
    private static partial void NotTaken(ILogger log, Guid uuid, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API's image store does not have the picture of {Uuid}: worker and API have "
        + "different image stores. Pictures are sent to the API from now on; set --image-store-url of both to the same store to avoid that")]
    private static partial void StoresDiffer(ILogger log, Guid uuid);
}
