using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faafo.Api.Database;
using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Faafo.Api.Fractals;

/// <summary>
/// PUT /v1/fractal/UUID: a worker's report. Only the result can be reported, never the order; the image must be in the store, or
/// come along as the original's workers send it; what is done stays done.
/// </summary>
internal static class ResultApi
{
    private const int LongestNode = 255;

    private static readonly JsonTypeInfo<FractalResult> Strict =
        (JsonTypeInfo<FractalResult>)new JsonSerializerOptions(FaafoJson.Default.Options)
        {
            UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        }.GetTypeInfo(typeof(FractalResult));

    public static void MapResults(this IEndpointRouteBuilder fractals) => fractals.MapPut("{uuid}", PutAsync)
        .WithSummary("Reports what became of a fractal: a worker's call").Accepts<FractalResult>("application/json")
        .Produces<Fractal>().Produces<Problem>(400).Produces<Problem>(404).Produces<Problem>(409)
        .WithMetadata(new RequestSizeLimitAttribute(FractalResult.LongestBody));

    private static async Task<Results<Ok<Fractal>, JsonHttpResult<Problem>>> PutAsync(
        string uuid, HttpRequest request, GroupCommitWriter writer, FractalLookupCoalescer fractals, IImageStore images, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(uuid, out var id))
        {
            return Problems.NoFractal(uuid);
        }
        var (result, refusal) = await JsonBody.ReadAsync(request, Strict, "a result", cancellationToken);
        if (result is null)
        {
            return refusal!;
        }
        if (Check(result, id) is { Count: > 0 } errors)
        {
            return Problems.Refused(errors);
        }
        var checksum = result.Checksum?.ToLowerInvariant();
        var stored = result.Error is not null || (result.Image is null && await images.GetSizeAsync(id, cancellationToken) == result.Size);
        if (!stored)
        {
            // An image that comes along must not replace what was served.
            var before = await fractals.FindAsync(id, cancellationToken);
            if (before is null or { Status: FractalStatus.Done })
            {
                return Settled(before);
            }
            if (result.Image is not { } image)
            {
                return Problems.Of(409, $"the API's image store has no image of {result.Size} bytes for fractal {uuid}: send it along, "
                    + "or set --image-store-url of worker and API to the same store", Problem.ImageMissing, id.ToString());
            }
            await images.WriteAsync(id, (stream, stop) => stream.WriteAsync(image, stop).AsTask(), cancellationToken);
        }
        // What Faafo's workers report is one turn to the database.
        if (await writer.FinishAsync(new Outcome(id, checksum, result.Error is null ? result.Size : null, result.Duration, result.GeneratedBy,
            result.Error), cancellationToken) is { } entered)
        {
            return TypedResults.Ok(entered);
        }
        var present = await fractals.FindAsync(id, cancellationToken);
        if (present is null)
        {
            await images.DeleteAsync(id, cancellationToken);        // deleted meanwhile, and its image with it
        }
        return Settled(present);

        // The same picture reported twice is a redelivery; another picture is a mistake. A row that is not done has not taken a picture.
        Results<Ok<Fractal>, JsonHttpResult<Problem>> Settled(Fractal? row) => row switch
        {
            null => Problems.NoFractal(uuid),
            { Status: FractalStatus.Done } when row.Checksum != checksum =>
                Problems.Of(409, $"fractal {uuid} is done with another result", Problem.OtherResult, id.ToString()),
            { Status: not FractalStatus.Done } when checksum is not null =>
                throw new ServiceUnavailableException($"fractal {uuid} was changed at the same time: retry"),
            _ => TypedResults.Ok(row),
        };
    }

    private static List<FieldError> Check(FractalResult result, Guid uuid)
    {
        var errors = new List<FieldError>();
        if (result.Uuid is { } named && named != uuid)
        {
            errors.Add(FieldError.Of("uuid", named.ToString(), $"the path's {uuid}"));
        }
        if (result.Duration is { } duration && !(duration >= 0 && double.IsFinite(duration)))
        {
            errors.Add(FieldError.Of("duration", duration.ToString(System.Globalization.CultureInfo.InvariantCulture), "seconds, 0 or more"));
        }
        Text("generated_by", result.GeneratedBy, LongestNode);
        Text("error", result.Error, FractalResult.LongestError);
        if (result.Error is not null)
        {
            if (result.Checksum is not null)
            {
                errors.Add(FieldError.Of("checksum", result.Checksum, "absent where error is given"));
            }
            return errors;
        }
        if (result.Checksum is null || result.Checksum.Length != 64 || !result.Checksum.All(char.IsAsciiHexDigit))
        {
            errors.Add(FieldError.Of("checksum", result.Checksum, "the SHA-256 of the PNG in hex"));
        }
        if (!(result.Size > 0))
        {
            errors.Add(FieldError.Of("size", result.Size?.ToString(System.Globalization.CultureInfo.InvariantCulture), "the bytes of the PNG"));
        }
        if (errors.Count == 0 && result.Image is { } image)
        {
            if (image.Length != result.Size)
            {
                errors.Add(FieldError.Of("size", $"{result.Size}", $"the {image.Length} bytes of the image"));
            }
            if (!Convert.ToHexString(SHA256.HashData(image)).Equals(result.Checksum, StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(FieldError.Of("checksum", result.Checksum, "the SHA-256 of the image"));
            }
        }
        return errors;

        // PostgreSQL has no character 0, and would refuse everything that is entered together with it.
        void Text(string field, string? text, int longest)
        {
            if (text is not null && (text.Length > longest || text.Contains('\0', StringComparison.Ordinal)))
            {
                errors.Add(new FieldError(field, null, $"text of at most {longest} characters without U+0000",
                    $"{field} must be text of at most {longest} characters without U+0000"));
            }
        }
    }
}
