using System.Data.Common;
using Faafo.Api.Http;
using Faafo.Api.Queue;

namespace Faafo.Api.Health;

/// <summary>/healthz: the process responds. /readyz: its database responds as well.</summary>
internal static class HealthApi
{
    private static readonly string[] Verbs = ["GET", "HEAD"];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", Verbs, () => TypedResults.Text("ok")).WithTags("health").WithSummary("Whether this API is running");
        routes.MapMethods("/readyz", Verbs, ReadyAsync).WithTags("health")
            .WithSummary("Whether this API can serve requests: its database responds too");
    }

    private static async Task<IResult> ReadyAsync(QueueStatistics statistics, CancellationToken cancellationToken)
    {
        try
        {
            await statistics.GetTotalsAsync(cancellationToken);
            return TypedResults.Text("ok");
        }
        catch (DbException)
        {
            return Problems.Of(503, "the database is unavailable");
        }
    }
}
