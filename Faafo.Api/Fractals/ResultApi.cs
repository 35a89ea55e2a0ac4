using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Faafo.Api.Fractals;

/// <summary>
/// PUT /v1/fractal/UUID: a worker's result. It cannot change the task. The image must be in the image store, or in the body as the workers
/// of the original Faafo (openstack-archive/faafo) send it. A fractal that is done stays as it is.
/// </summary>
internal static class ResultApi
{
    private static readonly JsonTypeInfo<FractalResult> Strict =
        (JsonTypeInfo<FractalResult>)new JsonSerializerOptions(FaafoJson.Default.Options)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        }.GetTypeInfo(typeof(FractalResult));

    public static void MapResults(this IEndpointRouteBuilder fractals) => fractals.MapPut("{uuid}", PutAsync)
        .WithSummary("Reports the result of a task; called by workers").Accepts<FractalResult>("application/json")
        .Produces<Fractal>().Produces<Problem>(400).Produces<Problem>(404).Produces<Problem>(409)
        .WithMetadata(new RequestSizeLimitAttribute(FractalResult.LongestBody));

    private static async Task<Results<Ok<Fractal>, JsonHttpResult<Problem>>> PutAsync(
        string uuid, HttpRequest request, GroupCommitWriter writer, FractalLookupCoalescer fractals, IImageStore images,
        CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(uuid, out var id))
        {
            return Problems.NoFractal(uuid);
        }
        var (result, rejection) = await JsonBody.ReadAsync(request, Strict, "a result", cancellationToken);
        if (result is null)
        {
            return rejection!;
        }
        var errors = ResultCheck.Check(result, id);
        if (errors.Count > 0)
        {
            return Problems.Rejected(errors);
        }
        var isStored = result.Error is not null
            || (result.Image is null && await images.GetSizeAsync(id, cancellationToken) == result.Size);
        if (!isStored)
        {
            // An image in the body must not replace one that has been served.
            var before = await fractals.FindAsync(id, cancellationToken);
            if (before is null or { Status: FractalStatus.Done })
            {
                return Settled(before, uuid, result);
            }
            if (result.Image is not { } image)
            {
                return Problems.Of(409, $"the API's image store has no image of {result.Size} bytes for fractal {uuid}; send the image in "
                    + "the body, or set --image-store-url of worker and API to the same store", Problem.ImageMissing, id.ToString());
            }
            await images.WriteAsync(id, (stream, stop) => stream.WriteAsync(image, stop).AsTask(), cancellationToken);
        }
        // Faafo's own workers get here with one round trip to the database.
        var outcome = new Outcome(id, result.Checksum?.ToLowerInvariant(), result.Error is null ? result.Size : null, result.Duration,
            result.GeneratedBy, result.Error);
        if (await writer.FinishAsync(outcome, cancellationToken) is { } changed)
        {
            return TypedResults.Ok(changed);
        }
        var row = await fractals.FindAsync(id, cancellationToken);
        if (row is null)
        {
            await images.DeleteAsync(id, cancellationToken);        // the fractal has been deleted meanwhile
        }
        return Settled(row, uuid, result);
    }

    // The same picture reported twice is a redelivery; another picture is a conflict. A row that is not done did not take a picture.
    private static Results<Ok<Fractal>, JsonHttpResult<Problem>> Settled(Fractal? row, string uuid, FractalResult result)
    {
        if (row is null)
        {
            return Problems.NoFractal(uuid);
        }
        var checksum = result.Checksum?.ToLowerInvariant();
        if (row.Status == FractalStatus.Done && row.Checksum != checksum)
        {
            return Problems.Of(409, $"fractal {uuid} is done with another result", Problem.OtherResult, row.Uuid.ToString());
        }
        if (row.Status != FractalStatus.Done && checksum is not null)
        {
            throw new ServiceUnavailableException($"fractal {uuid} was changed at the same time; retry");
        }
        return TypedResults.Ok(row);
    }
}
