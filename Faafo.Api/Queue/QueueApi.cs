namespace Faafo.Api.Queue;

/// <summary>/v1/queue: the latest measurement of the queue.</summary>
internal static class QueueApi
{
    public static void MapQueue(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/queue", (QueueMetrics metrics) => TypedResults.Ok(metrics.Latest)).WithTags("queue")
        .WithSummary("Waiting and running tasks, and the rates at which they arrive and finish");
}
