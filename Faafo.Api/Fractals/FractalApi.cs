using System.Buffers;
using System.IO.Pipelines;
using Faafo.Api.Database;
using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Options;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Faafo.Api.Fractals;

/// <summary>/v1/fractal: create, list, read, delete, and the workers' reports.</summary>
internal static class FractalApi
{
    private const int MostPerPage = 100;
    private const int PerPage = 10;
    private const long BodyLimit = 64 << 10;

    public static void MapFractals(this IEndpointRouteBuilder routes)
    {
        var fractals = routes.MapGroup("/v1/fractal").WithTags("fractals");
        fractals.MapPost("", CreateAsync).WithSummary("Orders a fractal; once this answers 201, it will be drawn").Accepts<NewFractal>("application/json").Produces<Fractal>(201).Produces<Problem>(400)
            .WithMetadata(new RequestSizeLimitAttribute(BodyLimit));
        fractals.MapGet("", ListAsync).WithSummary("Lists fractals in the order of uuid; the Link header leads to the next and the last page").Produces<FractalPage>().Produces<Problem>(400);
        fractals.MapGet("{uuid}", FindAsync).WithSummary("All that is known of one fractal").Produces<Fractal>().Produces<Problem>(404);
        fractals.MapDelete("{uuid}", DeleteAsync).WithSummary("Deletes a fractal and its picture").Produces(204).Produces<Problem>(404);
        fractals.MapResults();
    }

    private static async Task CreateAsync(
        HttpRequest request, HttpResponse response, GroupCommitWriter writer, FractalLookupCoalescer fractals, CancellationToken cancellationToken)
    {
        var body = await ReadToEndAsync(request.BodyReader, cancellationToken);
        FractalTask? task;
        IReadOnlyList<FieldError> errors;
        try
        {
            (task, errors) = FractalRequest.Parse(body);
        }
        catch (Exception e) when (JsonBody.IsMalformed(e))
        {
            (task, errors) = (null, [new FieldError("body", null, "JSON", $"the body is not JSON: {e.Message}")]);
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
        if (task is not null && await writer.InsertAsync(task, cancellationToken) is { } acceptedAt)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.ContentType = "application/json; charset=utf-8";
            response.Headers.Location = $"/v1/fractal/{task.Uuid}";
            AcceptedFractal.Write(response.BodyWriter, task, acceptedAt);
            return;
        }
        if (task is not null && await ReplayedRequest.FindAsync(request, task, fractals, cancellationToken) is { } kept)
        {
            await TypedResults.Created($"/v1/fractal/{task.Uuid}", kept).ExecuteAsync(response.HttpContext);
            return;
        }
        if (task is not null)
        {
            errors = [new FieldError("uuid", task.Uuid.ToString(), "a new UUID", $"uuid {task.Uuid} exists already")];
        }
        await Problems.Refused(errors).ExecuteAsync(response.HttpContext);
    }

    private static async Task<Results<Ok<FractalPage>, JsonHttpResult<Problem>>> ListAsync(
        HttpContext context, FractalDatabase database, CancellationToken cancellationToken,
        [FromQuery(Name = "page")] string? pageText = null, [FromQuery(Name = "results_per_page")] string? sizeText = null,
        [FromQuery(Name = "after")] string? afterText = null)
    {
        if (!TryRead(pageText, 1, out var page))
        {
            return Problems.Refused("page", pageText, "a whole number from 1");
        }
        if (!TryRead(sizeText, PerPage, out var size))
        {
            return Problems.Refused("results_per_page", sizeText, $"a whole number from 1 to {MostPerPage}");
        }
        if (afterText is not null && !Guid.TryParse(afterText, out _))
        {
            return Problems.Refused("after", afterText, FractalLimits.UuidLimit);
        }
        size = Math.Min(size, MostPerPage);         // as the original does: more is not refused, just not given
        var (rows, count) = await database.ListAsync(afterText is null ? null : Guid.Parse(afterText), (page - 1L) * size, size, cancellationToken);
        var pages = (int)Math.Min(int.MaxValue, (count + size - 1) / size);
        if (rows.Count > 0)
        {
            // "next" names the last uuid of this page: whoever follows it neither skips nor repeats rows that come or go meanwhile.
            var path = $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/v1/fractal";
            var last = $"<{path}?page={pages}&results_per_page={size}>; rel=\"last\"";
            context.Response.Headers.Link = page < pages
                ? $"<{path}?page={page + 1}&results_per_page={size}&after={rows[^1].Uuid}>; rel=\"next\", {last}"
                : last;
        }
        return TypedResults.Ok(new FractalPage(count, rows, page, pages));
    }

    private static async Task<Results<Ok<Fractal>, JsonHttpResult<Problem>>> FindAsync(
        string uuid, FractalLookupCoalescer fractals, CancellationToken cancellationToken) =>
        Guid.TryParse(uuid, out var id) && await fractals.FindAsync(id, cancellationToken) is { } fractal
            ? TypedResults.Ok(fractal)
            : Problems.NoFractal(uuid);

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> DeleteAsync(
        string uuid, FractalDatabase database, IImageStore images, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(uuid, out var id) || !await database.DeleteAsync(id, cancellationToken))
        {
            return Problems.NoFractal(uuid);
        }
        await images.DeleteAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static bool TryRead(string? text, int absent, out int value)
    {
        value = absent;
        return text is null || (Number.TryWhole(text, out value) && value >= 1);
    }

    private static async Task<ReadOnlySequence<byte>> ReadToEndAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                return read.Buffer;
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
