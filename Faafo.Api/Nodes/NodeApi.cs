using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Faafo.Api.Nodes;

/// <summary>/v1/nodes: heartbeats, the list of nodes, and drains. /load: the load of this API's host.</summary>
internal static class NodeApi
{
    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var nodes = routes.MapGroup("/v1/nodes").WithTags("nodes").WithMetadata(new RequestSizeLimitAttribute(64 << 10));
        nodes.MapGet("", ListAsync).WithSummary("Lists all nodes that sent a heartbeat in the last seven days");
        nodes.MapPut("{name}", PutAsync).WithSummary("Records a heartbeat; the response tells the node whether to drain")
            .Accepts<NodeReport>("application/json").Produces<Problem>(400);
        nodes.MapDelete("{name}", DeleteAsync).WithSummary("Removes a node from the list").Produces<Problem>(404);
        nodes.MapPost("{name}/drain", DrainAsync).WithSummary("Drains a node: it finishes its tasks and exits").Produces<Problem>(404);
        nodes.MapDelete("{name}/drain", CancelDrainAsync).WithSummary("Cancels a drain").Produces<Problem>(404);
        routes.MapGet("/load", () => TypedResults.Ok(new LoadReport(HostLoad.Read(), Environment.ProcessorCount))).WithTags("nodes")
            .WithSummary("Returns the load averages of this API's host");
    }

    private static async Task<Ok<IReadOnlyList<Node>>> ListAsync(NodeRegistry registry, CancellationToken cancellationToken) =>
        TypedResults.Ok(await registry.ListAsync(cancellationToken));

    private static async Task<Results<Ok<HeartbeatResponse>, JsonHttpResult<Problem>>> PutAsync(
        string name, HttpRequest request, NodeRegistry registry, CancellationToken cancellationToken)
    {
        var (report, rejection) = await JsonBody.ReadAsync(request, FaafoJson.Default.NodeReport, "a heartbeat", cancellationToken);
        if (report is null)
        {
            return rejection!;
        }
        FieldError[] errors = [.. Check(name, report)];
        return errors.Length > 0
            ? Problems.Rejected(errors)
            : TypedResults.Ok(await registry.RecordAsync(name, report, cancellationToken));
    }

    private static IEnumerable<FieldError> Check(string name, NodeReport report)
    {
        if (name.Length > NodeReport.LongestName)
        {
            yield return FieldError.Of("name", name, $"at most {NodeReport.LongestName} characters");
        }
        if (report.Role is null)
        {
            yield return FieldError.Of("role", null, "the group of the node");
        }
        if (!(report.Interval > 0 && report.Interval <= NodeReport.MostInterval.TotalSeconds))
        {
            yield return FieldError.Of("interval", $"{report.Interval}", "more than 0 and at most 3600 seconds");
        }
        if (report.LoadAverage is { } load && !(IsLoad(load.One) && IsLoad(load.Five) && IsLoad(load.Fifteen)))
        {
            yield return FieldError.Of("load_average", $"{load.One} {load.Five} {load.Fifteen}", "finite numbers, 0 or more, or null");
        }
        if (report.Slots < 0)
        {
            yield return FieldError.Of("slots", $"{report.Slots}", "0 or more");
        }
        if (report.Busy < 0)
        {
            yield return FieldError.Of("busy", $"{report.Busy}", "0 or more");
        }
    }

    private static bool IsLoad(double load) => load >= 0 && double.IsFinite(load);

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> DeleteAsync(
        string name, NodeRegistry registry, CancellationToken cancellationToken) =>
        Found(await registry.DeleteAsync(name, cancellationToken), name);

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> DrainAsync(
        string name, NodeRegistry registry, CancellationToken cancellationToken) =>
        Found(await registry.DrainAsync(name, drain: true, cancellationToken), name);

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> CancelDrainAsync(
        string name, NodeRegistry registry, CancellationToken cancellationToken) =>
        Found(await registry.DrainAsync(name, drain: false, cancellationToken), name);

    private static Results<NoContent, JsonHttpResult<Problem>> Found(bool found, string name) =>
        found ? TypedResults.NoContent() : Problems.NotFound(Problem.NoSuchNode, name, $"node {name}");
}
