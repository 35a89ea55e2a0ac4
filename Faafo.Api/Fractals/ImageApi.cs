using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Faafo.Api.Fractals;

/// <summary>GET /fractal/UUID: the PNG, streamed from the image store; its ETag is the checksum, ranges and 304 are served.
/// With <c>--image-redirect</c> and a store that can: 302 to a temporary address there.</summary>
internal static class ImageApi
{
    public static void MapImages(this IEndpointRouteBuilder routes) => routes.MapMethods("/fractal/{uuid}", ["GET", "HEAD"], GetAsync)
        .WithTags("images").WithSummary("The picture; its ETag is its SHA-256").Produces(200, contentType: "image/png").Produces<Problem>(404);

    private static readonly TimeSpan AddressLifetime = TimeSpan.FromMinutes(5);

    private static async Task<Results<FileStreamHttpResult, RedirectHttpResult, JsonHttpResult<Problem>>> GetAsync(
        string uuid, ApiOptions options, FractalLookupCoalescer fractals, IImageStore images, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(uuid, out var id) || await fractals.FindAsync(id, cancellationToken) is not { } fractal)
        {
            return Problems.NoFractal(uuid);
        }
        if (fractal.Checksum is null)
        {
            return NoImage(fractal.Status == FractalStatus.Failed
                ? $": {fractal.Error}"
                : $" yet: it is {fractal.Status.ToString()!.ToLowerInvariant()}");
        }
        if (options.ImageRedirect && await images.GetUrlAsync(id, AddressLifetime, cancellationToken) is { } address)
        {
            return TypedResults.Redirect(address.OriginalString);
        }
        return await images.OpenReadAsync(id, cancellationToken) is { } image
            ? TypedResults.Stream(image, "image/png", entityTag: new EntityTagHeaderValue($"\"{fractal.Checksum}\""),
                lastModified: fractal.FinishedAt, enableRangeProcessing: true)
            : NoImage(" in the image store");

        JsonHttpResult<Problem> NoImage(string why) => Problems.NotFound(Problem.NoSuchImage, id.ToString(), $"image of fractal {id}{why}");
    }
}
