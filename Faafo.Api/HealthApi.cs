using System.Data.Common;
using Faafo.Api.Database;
using Faafo.Api.Queue;

namespace Faafo.Api;

/// <summary>/healthz: the process answers. /readyz: so does its database. /v1/queue: what the meter measured.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok")).WithTags("health");
        routes.MapGet("/readyz", async (FractalDatabase database, CancellationToken cancellationToken) =>
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
        }).WithTags("health");
        routes.MapGet("/v1/queue", (QueueMeter meter) => TypedResults.Ok(meter.Latest)).WithTags("queue");
    }
}
