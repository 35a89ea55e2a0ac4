using System.Globalization;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// An order that a balancer sent again, since the API that it had gone to died before it answered, perhaps after it had kept the order.
/// The balancer notes when it got the request (X-Request-Start, which stays the same when it sends it again): a row that is younger than
/// that, with the same numbers, was made by this very request and is its answer. An older row is another order's, and a uuid given twice
/// stays an error. With hosts whose clocks differ by more than the order took, one that was kept may be refused as given twice.
/// </summary>
internal static class ReplayedRequest
{
    private const string Header = "X-Request-Start";

    /// <summary>The row that an earlier sending of this request has made; null when the uuid is someone else's.</summary>
    public static async Task<Fractal?> FindAsync(HttpRequest request, FractalTask task, FractalLookupCoalescer fractals, CancellationToken cancellationToken) =>
        Began(request.Headers[Header].ToString()) is { } began
        && await fractals.FindAsync(task.Uuid, cancellationToken) is { } row && row.CreatedAt >= began
        && (row.Width, row.Height, row.Iterations) == (task.Width, task.Height, task.Iterations)
        && (row.Xa, row.Xb, row.Ya, row.Yb) == (task.Xa, task.Xb, task.Ya, task.Yb) && (row.Cx, row.Cy) == (task.Cx, task.Cy)
            ? row : null;

    // "t=" and milliseconds since 1970.
    private static DateTimeOffset? Began(string value) =>
        value.StartsWith("t=", StringComparison.Ordinal)
        && long.TryParse(value.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
