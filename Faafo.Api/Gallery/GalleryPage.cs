using System.Globalization;
using System.Text;
using Faafo.Api.Database;
using Faafo.Fractals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faafo.Api.Gallery;

/// <summary>/, /index and /index/N: the pictures, newest first, five to a page as in the original.</summary>
internal static class GalleryPage
{
    private const int PerPage = 5;

    private const string Style = """
        body { margin: 0; background: #14161a; color: #d8dce4; font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem; }
        h1 { font-weight: 600; margin: 0 0 .25rem; } a { color: #8ab4ff; }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.25rem; margin: 1.5rem 0; }
        figure { margin: 0; background: #1d2026; border-radius: .5rem; overflow: hidden; }
        figure img { display: block; width: 100%; height: 16rem; object-fit: cover; background: #000; }
        figcaption { padding: .6rem .9rem; font-size: .85rem; color: #a8afbd; overflow-wrap: anywhere; }
        @media (min-width: 64rem) { figure:first-child:nth-last-child(5) { grid-column: span 2; } }
        nav { display: flex; gap: 1.25rem; justify-content: center; }
        """;

    public static void MapGallery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (FractalDatabase database, CancellationToken cancellationToken) => ShowAsync(1, database, cancellationToken))
            .ExcludeFromDescription();
        routes.MapGet("/index", (FractalDatabase database, CancellationToken cancellationToken) => ShowAsync(1, database, cancellationToken))
            .ExcludeFromDescription();
        routes.MapGet("/index/{page:int:min(1)}", ShowAsync).ExcludeFromDescription();
    }

    private static async Task<ContentHttpResult> ShowAsync(int page, FractalDatabase database, CancellationToken cancellationToken)
    {
        var totals = await database.GetTotalsAsync(cancellationToken);
        var pages = Math.Max(1, (totals.Done + PerPage - 1) / PerPage);
        var fractals = await database.ListDoneAsync((page - 1L) * PerPage, PerPage, cancellationToken);
        return TypedResults.Content(Html(page, pages, totals, fractals), "text/html; charset=utf-8");
    }

    // Nothing here comes from a user but numbers, uuids and the node's name, which is encoded.
    private static string Html(int page, long pages, Totals totals, IReadOnlyList<Fractal> fractals)
    {
        var figures = new StringBuilder();
        foreach (var f in fractals)
        {
            var node = System.Net.WebUtility.HtmlEncode(f.GeneratedBy ?? "an unknown node");
            figures.Append(CultureInfo.InvariantCulture, $"""
                <figure><a href="/fractal/{f.Uuid}"><img src="/fractal/{f.Uuid}" alt="Julia set of c = {f.Cx:0.####} + {f.Cy:0.####}i" loading="lazy"></a>
                <figcaption>{f.Width} x {f.Height} pixels, {f.Iterations} iterations, c = {f.Cx:0.####} {(f.Cy < 0 ? "-" : "+")} {Math.Abs(f.Cy ?? 0):0.####}i<br>
                {f.Size:N0} bytes by {node} in {f.Duration:0.000} s<br>{f.Uuid}</figcaption></figure>

                """);
        }
        var links = (page > 1 ? $"<a href=\"/index/{page - 1}\">newer</a>" : "") + $"<span>page {page} of {pages}</span>"
            + (page < pages ? $"<a href=\"/index/{page + 1}\">older</a>" : "");
        return $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Faafo gallery</title><style>{Style}</style></head><body><main>
            <h1>Faafo</h1>
            <div>{totals.Done:N0} fractals drawn, {totals.Unfinished:N0} on their way</div>
            {(fractals.Count == 0 ? "<p>Nothing to see on this page. <code>faafo create</code> orders fractals.</p>" : "")}
            <div class="grid">
            {figures}</div>
            <nav>{links}</nav>
            </main></body></html>

            """;
    }
}
