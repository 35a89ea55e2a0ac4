using System.Data.Common;
using Faafo.Api.Database;
using Faafo.Api.Http;
using Faafo.Api.Queue;

namespace Faafo.Api.Health;

/// <summary>/healthz: the process answers. /readyz: so does its database. /v1/queue: what the meter measured.</summary>
internal static class HealthApi
{
    private static readonly string[] Verbs = ["GET", "HEAD"];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", Verbs, () => TypedResults.Text("ok")).WithTags("health").WithSummary("Whether this API lives");
        routes.MapMethods("/readyz", Verbs, async (FractalDatabase database, CancellationToken cancellationToken) =>
        {
            try
            {
                await database.GetTotalsAsync(cancellationToken);
                return Results.Text("ok");
            }
            catch (DbException)
            {
                return Problems.Of(503, "the database does not answer");
            }
        }).WithTags("health").WithSummary("Whether this API can be asked: its database answers too");
        routes.MapGet("/v1/queue", (QueueMetrics meter) => TypedResults.Ok(meter.Latest)).WithTags("queue")
            .WithSummary("What waits, what is worked on, and how fast both change");
    }
}
