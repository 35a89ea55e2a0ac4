using System.Globalization;
using System.Net;
using System.Text;
using Faafo.Api.Fractals;
using Faafo.Api.Queue;
using Faafo.Fractals;
using Faafo.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faafo.Api.Gallery;

/// <summary>
/// /, /index and /index/N: the pictures, newest first, five on each page as in the original Faafo (openstack-archive/faafo). The page has
/// no scripts and loads only the pictures, from this API. The first page reloads itself while fractals are waiting.
/// </summary>
internal static class GalleryPage
{
    private const int PerPage = 5;
    private const int InFirstRow = 2;
    private const int RefreshSeconds = 3;

    // The browser may load the pictures of this API and apply the style of the page, nothing else.
    private const string Policy = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'";

    private const string Icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' "
        + "height='8' rx='2' fill='%2322130b'/%3E%3Cpath d='M1 5Q2 1 4 4T7 3' "
        + "stroke='%23e9793f' fill='none' stroke-linecap='round'/%3E%3C/svg%3E";

    private static readonly string[] Verbs = ["GET", "HEAD"];

    public static void MapGallery(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", Verbs, FirstAsync).ExcludeFromDescription();
        routes.MapMethods("/index", Verbs, FirstAsync).ExcludeFromDescription();
        routes.MapMethods("/index/{page:int:min(1)}", Verbs, ShowAsync).ExcludeFromDescription();
    }

    private static Task<ContentHttpResult> FirstAsync(
        HttpResponse response, FractalStore fractals, QueueStatistics statistics, CancellationToken cancellationToken) =>
        ShowAsync(1, response, fractals, statistics, cancellationToken);

    private static async Task<ContentHttpResult> ShowAsync(
        int page, HttpResponse response, FractalStore fractals, QueueStatistics statistics, CancellationToken cancellationToken)
    {
        var totals = await statistics.GetTotalsAsync(cancellationToken);
        var pages = Math.Max(1, (totals.Done + PerPage - 1) / PerPage);
        var done = await fractals.ListDoneAsync((page - 1L) * PerPage, PerPage, cancellationToken);
        response.Headers.ContentSecurityPolicy = Policy;
        return TypedResults.Content(Html(page, pages, totals, done), "text/html; charset=utf-8");
    }

    // Users supply only numbers, uuids and the names of nodes; the latter are encoded.
    private static string Html(int page, long pages, Totals totals, IReadOnlyList<Fractal> fractals)
    {
        var rows = new StringBuilder();
        foreach (var row in new[] { fractals.Take(InFirstRow), fractals.Skip(InFirstRow) })
        {
            rows.Append("<div class=\"row\">\n");
            foreach (var fractal in row)
            {
                Figure(rows, fractal);
            }
            rows.Append("</div>\n");
        }
        var refresh = page == 1 && totals.Unfinished > 0 ? $"<meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\">" : "";
        var main = fractals.Count > 0 ? $"<main>\n{rows}</main>" : NoPictures(page, pages, totals);
        var unfinished = totals.Unfinished > 0 ? $", <b class=\"busy\">{totals.Unfinished:N0}</b> waiting" : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{refresh}
            <title>Faafo: page {page} of {pages}</title><link rel="icon" href="{Icon}">
            <style>
            {GalleryStyle.Css}
            </style></head><body>
            <header><h1><a href="/">Faafo</a></h1>
            <p><b>{totals.Done:N0}</b> {(totals.Done == 1 ? "fractal" : "fractals")} drawn{unfinished}</p></header>
            {main}
            {Navigation(page, pages)}
            <footer>faafo-api {NodeReporter.Version}: <a href="/v1/queue">queue</a> <a href="/v1/nodes">nodes</a> <a href="/load">load</a>
            <a href="/openapi/v1.json">API</a></footer>
            </body></html>

            """);
    }

    // The pictures of a row have equal heights, because the width of each follows from its shape. Tall and very flat pictures are centred
    // in the area of an ordinary one, on the colour of one pass, which surrounds most pictures.
    private static void Figure(StringBuilder figures, Fractal f)
    {
        var ratio = Math.Clamp((double)f.Width / f.Height, 1, 2);
        var constant = string.Create(CultureInfo.InvariantCulture, $"{f.Cx:0.####} {(f.Cy < 0 ? "-" : "+")} {Math.Abs(f.Cy ?? 0):0.####}i");
        figures.Append(CultureInfo.InvariantCulture, $"""
            <figure style="--r:{ratio:0.###}"><a href="/fractal/{f.Uuid}"><img src="/fractal/{f.Uuid}"
            width="{f.Width}" height="{f.Height}" alt="Julia set of c = {constant}"></a>
            <figcaption><b>c = {constant}</b>
            <span>{f.Width} x {f.Height} pixels, {f.Iterations} iterations</span>
            <span>{f.Size:N0} bytes by {WebUtility.HtmlEncode(f.GeneratedBy ?? "an unknown node")} in {f.Duration:0.000} s</span>
            <a class="uuid" href="/v1/fractal/{f.Uuid}">{f.Uuid}</a></figcaption></figure>

            """);
    }

    private static string NoPictures(int page, long pages, Totals totals)
    {
        if (totals.Done == 0)
        {
            return "<p class=\"none\">No pictures yet. Create some with <code>faafo create</code>.</p>";
        }
        var existing = pages == 1 ? "there is only 1 page" : string.Create(CultureInfo.InvariantCulture, $"there are {pages:N0} pages");
        return string.Create(CultureInfo.InvariantCulture, $"<p class=\"none\">Page {page} does not exist; {existing}.</p>");
    }

    private static string Navigation(int page, long pages)
    {
        var newer = page > 1 ? $"<a rel=\"prev\" href=\"/index/{Math.Min(page - 1, pages)}\">&larr; newer</a>" : "<span></span>";
        var older = page < pages ? $"<a rel=\"next\" href=\"/index/{page + 1}\">older &rarr;</a>" : "<span></span>";
        return pages == 1 && page == 1 ? "" : $"<nav>{newer}<span>page {page} of {pages}</span>{older}</nav>";
    }
}
