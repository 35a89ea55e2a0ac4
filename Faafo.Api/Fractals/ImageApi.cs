using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Faafo.Api.Fractals;

/// <summary>
/// GET /fractal/UUID: the PNG, streamed from the image store. Its ETag is the checksum; ranges and 304 are supported. With
/// <c>--image-redirect</c>, and a store that supports it, a redirect (302) to a temporary address in the store.
/// </summary>
internal static class ImageApi
{
    private static readonly TimeSpan AddressLifetime = TimeSpan.FromMinutes(5);

    public static void MapImages(this IEndpointRouteBuilder routes) => routes
        .MapMethods("/fractal/{uuid}", ["GET", "HEAD"], GetAsync).WithTags("images").WithSummary("The picture; its ETag is its SHA-256")
        .Produces(200, contentType: "image/png").Produces<Problem>(404);

    private static async Task<Results<FileStreamHttpResult, RedirectHttpResult, JsonHttpResult<Problem>>> GetAsync(
        string uuid, ApiOptions options, FractalLookupCoalescer fractals, IImageStore images, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(uuid, out var id) || await fractals.FindAsync(id, cancellationToken) is not { } fractal)
        {
            return Problems.NoFractal(uuid);
        }
        if (fractal.Checksum is null)
        {
            return NoImage(id, fractal.Status == FractalStatus.Failed
                ? $": {fractal.Error}"
                : $" yet: it is {fractal.Status.ToString()!.ToLowerInvariant()}");
        }
        if (options.ImageRedirect && await images.GetUrlAsync(id, AddressLifetime, cancellationToken) is { } address)
        {
            return TypedResults.Redirect(address.OriginalString);
        }
        var image = await images.OpenReadAsync(id, cancellationToken);
        if (image is null)
        {
            return NoImage(id, " in the image store");
        }
        return TypedResults.Stream(image, "image/png", entityTag: new EntityTagHeaderValue($"\"{fractal.Checksum}\""),
            lastModified: fractal.FinishedAt, enableRangeProcessing: true);
    }

    private static JsonHttpResult<Problem> NoImage(Guid uuid, string why) =>
        Problems.NotFound(Problem.NoSuchImage, uuid.ToString(), $"image of fractal {uuid}{why}");
}
