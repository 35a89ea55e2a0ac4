using System.Buffers;
using System.IO.Pipelines;
using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Options;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Faafo.Api.Fractals;

/// <summary>/v1/fractal: create, list, read and delete fractals.</summary>
internal static class FractalApi
{
    private const int MostPerPage = 100;
    private const int PerPage = 10;
    private const long BodyLimit = 64 << 10;

    public static void MapFractals(this IEndpointRouteBuilder routes)
    {
        var fractals = routes.MapGroup("/v1/fractal").WithTags("fractals");
        fractals.MapPost("", CreateAsync).WithSummary("Accepts a fractal; 201 means that it will be drawn")
            .Accepts<NewFractal>("application/json").Produces<Fractal>(201).Produces<Problem>(400)
            .WithMetadata(new RequestSizeLimitAttribute(BodyLimit));
        fractals.MapGet("", ListAsync).WithSummary("Lists fractals ordered by uuid; the Link header leads to the next and the last page")
            .Produces<FractalPage>().Produces<Problem>(400);
        fractals.MapGet("{uuid}", FindAsync).WithSummary("Returns one fractal").Produces<Fractal>().Produces<Problem>(404);
        fractals.MapDelete("{uuid}", DeleteAsync).WithSummary("Deletes a fractal and its picture").Produces(204).Produces<Problem>(404);
        fractals.MapResults();
    }

    private static async Task CreateAsync(
        HttpRequest request, HttpResponse response, GroupCommitWriter writer, FractalLookupCoalescer fractals,
        CancellationToken cancellationToken)
    {
        var (task, errors) = await ReadAsync(request, cancellationToken);
        if (task is null)
        {
            await Problems.Rejected(errors).ExecuteAsync(response.HttpContext);
            return;
        }
        if (await writer.InsertAsync(task, cancellationToken) is { } acceptedAt)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.ContentType = "application/json; charset=utf-8";
            response.Headers.Location = $"/v1/fractal/{task.Uuid}";
            AcceptedFractal.Write(response.BodyWriter, task, acceptedAt);
            return;
        }
        if (await ReplayedRequest.FindAsync(request, task, fractals, cancellationToken) is { } row)
        {
            await TypedResults.Created($"/v1/fractal/{task.Uuid}", row).ExecuteAsync(response.HttpContext);
            return;
        }
        var taken = new FieldError("uuid", task.Uuid.ToString(), "a new UUID", $"uuid {task.Uuid} exists already");
        await Problems.Rejected([taken]).ExecuteAsync(response.HttpContext);
    }

    private static async Task<Results<Ok<FractalPage>, JsonHttpResult<Problem>>> ListAsync(
        HttpContext context, FractalStore fractals, CancellationToken cancellationToken,
        [FromQuery(Name = "page")] string? pageText = null, [FromQuery(Name = "results_per_page")] string? sizeText = null,
        [FromQuery(Name = "after")] string? afterText = null)
    {
        if (!TryRead(pageText, 1, out var page))
        {
            return Problems.Rejected("page", pageText, "a whole number from 1");
        }
        if (!TryRead(sizeText, PerPage, out var size))
        {
            return Problems.Rejected("results_per_page", sizeText, $"a whole number from 1 to {MostPerPage}");
        }
        if (afterText is not null && !Guid.TryParse(afterText, out _))
        {
            return Problems.Rejected("after", afterText, FractalLimits.UuidLimit);
        }
        size = Math.Min(size, MostPerPage);         // like the original: larger pages are cut, not rejected
        Guid? after = afterText is null ? null : Guid.Parse(afterText);
        var (rows, count) = await fractals.ListAsync(after, (page - 1L) * size, size, cancellationToken);
        var pages = (int)Math.Min(int.MaxValue, (count + size - 1) / size);
        if (rows.Count > 0)
        {
            context.Response.Headers.Link = LinkTo(context.Request, page, pages, size, rows[^1].Uuid);
        }
        return TypedResults.Ok(new FractalPage(count, rows, page, pages));
    }

    // "next" names the last uuid of this page, so that clients who follow it neither skip nor repeat rows when others are added or deleted.
    private static string LinkTo(HttpRequest request, int page, int pages, int size, Guid lastUuid)
    {
        var path = $"{request.Scheme}://{request.Host}{request.PathBase}/v1/fractal";
        var last = $"<{path}?page={pages}&results_per_page={size}>; rel=\"last\"";
        return page < pages
            ? $"<{path}?page={page + 1}&results_per_page={size}&after={lastUuid}>; rel=\"next\", {last}"
            : last;
    }

    private static async Task<Results<Ok<Fractal>, JsonHttpResult<Problem>>> FindAsync(
        string uuid, FractalLookupCoalescer fractals, CancellationToken cancellationToken) =>
        Guid.TryParse(uuid, out var id) && await fractals.FindAsync(id, cancellationToken) is { } fractal
            ? TypedResults.Ok(fractal)
            : Problems.NoFractal(uuid);

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> DeleteAsync(
        string uuid, FractalStore fractals, IImageStore images, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(uuid, out var id) || !await fractals.DeleteAsync(id, cancellationToken))
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

    private static async Task<(FractalTask? Task, IReadOnlyList<FieldError> Errors)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await ReadToEndAsync(request.BodyReader, cancellationToken);
        try
        {
            return FractalRequest.Parse(body);
        }
        catch (Exception e) when (JsonBody.IsMalformed(e))
        {
            return (null, [new FieldError("body", null, "JSON", $"the body is not JSON: {e.Message}")]);
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
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
