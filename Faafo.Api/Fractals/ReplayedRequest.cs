using System.Globalization;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// Recognizes a <c>POST</c> that a balancer sent again because the first API died before it answered, perhaps after it had stored the task.
/// The balancer records when it received the request (X-Request-Start, which a retry does not change): a row that is younger than that and
/// has the same parameters was created by this very request and is its answer. An older row belongs to another request, and its uuid is
/// rejected as taken. If the clocks of the hosts differ by more than the request took, a stored task may be rejected as well.
/// </summary>
internal static class ReplayedRequest
{
    private const string Header = "X-Request-Start";

    // The end of the year 9999.
    private const long MostMilliseconds = 253_402_300_800_000;

    /// <summary>Finds the row that an earlier attempt of this request created; null when another request did.</summary>
    public static async Task<Fractal?> FindAsync(
        HttpRequest request, FractalTask task, FractalLookupCoalescer fractals, CancellationToken cancellationToken)
    {
        var receivedAt = ParseTime(request.Headers[Header].ToString());
        if (receivedAt is null)
        {
            return null;
        }
        var row = await fractals.FindAsync(task.Uuid, cancellationToken);
        return row?.CreatedAt >= receivedAt && row.HasSameParameters(task) ? row : null;
    }

    // "t=" and milliseconds since 1970.
    private static DateTimeOffset? ParseTime(string value) =>
        value.StartsWith("t=", StringComparison.Ordinal)
        && long.TryParse(value.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds < MostMilliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
