using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Faafo.Api.Nodes;

/// <summary>/v1/nodes: heartbeats, the list of nodes, and drains; /v1/groups: operators' orders to the scaler.</summary>
internal static class NodeApi
{
    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var nodes = routes.MapGroup("/v1/nodes").WithTags("nodes").WithMetadata(new RequestSizeLimitAttribute(64 << 10));
        nodes.MapGet("", async (NodeRegistry registry, CancellationToken cancellationToken) =>
            TypedResults.Ok(await registry.ListAsync(cancellationToken))).WithSummary("Everybody in the flock who was heard of in the last hour");
        nodes.MapPut("{name}", PutAsync).WithSummary("A heartbeat, answered with what the node is to do")
            .Accepts<NodeReport>("application/json").Produces<Problem>(400);
        nodes.MapDelete("{name}", async (string name, NodeRegistry registry, CancellationToken cancellationToken) =>
            Found(await registry.ForgetAsync(name, cancellationToken), name)).WithSummary("Forgets a node that is no more").Produces<Problem>(404);
        nodes.MapPost("{name}/drain", async (string name, NodeRegistry registry, CancellationToken cancellationToken) =>
            Found(await registry.DrainAsync(name, true, cancellationToken), name)).WithSummary("Tells a node to finish what it holds and leave").Produces<Problem>(404);
        nodes.MapDelete("{name}/drain", async (string name, NodeRegistry registry, CancellationToken cancellationToken) =>
            Found(await registry.DrainAsync(name, false, cancellationToken), name)).WithSummary("Takes a drain back").Produces<Problem>(404);

        var groups = routes.MapGroup("/v1/groups").WithTags("groups").WithMetadata(new RequestSizeLimitAttribute(64 << 10));
        groups.MapGet("", async (NodeRegistry registry, CancellationToken cancellationToken) =>
            TypedResults.Ok(await registry.ListGroupsAsync(cancellationToken))).WithSummary("What operators have told the scaler");
        groups.MapPut("{name}", PutGroupAsync).WithSummary("Tells the scaler something about a group")
            .Accepts<GroupOverrides>("application/json").Produces<Problem>(400);

        routes.MapGet("/v1/haproxy.cfg", BalancerAsync).WithTags("nodes").WithSummary("The configuration of an HAProxy before the APIs that are alive")
            .Produces<string>(200, "text/plain").Produces<Problem>(400).Produces<Problem>(503);

        routes.MapGet("/load", () => TypedResults.Ok(new LoadReport(HostLoad.Read(), Environment.ProcessorCount))).WithTags("nodes")
            .WithSummary("The load averages of this API's host");
    }

    private static async Task<Results<Ok<HeartbeatResponse>, JsonHttpResult<Problem>>> PutAsync(
        string name, HttpRequest request, NodeRegistry registry, CancellationToken cancellationToken)
    {
        var (report, refusal) = await JsonBody.ReadAsync(request, FaafoJson.Default.NodeReport, "a heartbeat", cancellationToken);
        return report is null ? refusal!
            : name.Length > NodeReport.LongestName ? Problems.Refused("name", name, $"at most {NodeReport.LongestName} characters")
            : report.Role is null ? Problems.Refused("role", null, "the group of the node")
            : !(report.Interval > 0 && report.Interval <= NodeReport.MostInterval.TotalSeconds)
                ? Problems.Refused("interval", $"{report.Interval}", "seconds above 0, at most 3600")
            : report.LoadAverage is { } load && !(IsLoad(load.One) && IsLoad(load.Five) && IsLoad(load.Fifteen))
                ? Problems.Refused("load_average", $"{load.One} {load.Five} {load.Fifteen}", "finite numbers, 0 or more, or null")
            : report.Slots < 0 || report.Busy < 0
                ? Problems.Refused("slots", $"{report.Slots}, busy {report.Busy}", "0 or more, as busy must be")
            : TypedResults.Ok(await registry.BeatAsync(name, report, cancellationToken));
    }

    private static async Task<Results<Ok<GroupOverrides>, JsonHttpResult<Problem>>> PutGroupAsync(
        string name, HttpRequest request, NodeRegistry registry, CancellationToken cancellationToken)
    {
        var (orders, refusal) = await JsonBody.ReadAsync(request, FaafoJson.Default.GroupOverrides, "orders to a group", cancellationToken);
        return orders is null ? refusal!
            : name.Length > NodeReport.LongestName || name != orders.Group
                ? Problems.Refused("group", orders.Group, "the name in the path, at most 100 characters")
            : orders.Size < 0 ? Problems.Refused("size", $"{orders.Size}", "0 or more, or null")
            : orders.Replace?.Any(id => !IsId(id)) == true
                ? Problems.Refused("replace", string.Join(", ", orders.Replace.Where(id => !IsId(id)).Select(id => $"'{id}'")),
                    $"ids of 1 to {NodeReport.LongestName} characters without blanks")
            : TypedResults.Ok(await registry.OrderAsync(orders, cancellationToken));
    }

    // PostgreSQL has no character 0, and the ids are kept as one text with blanks between them.
    private static bool IsId(string? id) =>
        id is { Length: > 0 and <= NodeReport.LongestName } && !id.Any(one => char.IsWhiteSpace(one) || char.IsControl(one));

    private static async Task<Results<ContentHttpResult, JsonHttpResult<Problem>>> BalancerAsync(NodeRegistry registry, CancellationToken cancellationToken,
        string bind = "*:80", string stats = "127.0.0.1:8404", string socket = "/run/haproxy/admin.sock", string? user = null)
    {
        var host = new BalancerHost(bind, stats, socket, user);
        var wrong = host.Wrong().Select(one => FieldError.Of(one.Field, one.Value, one.Limit)).ToArray();
        return wrong.Length > 0 ? Problems.Refused(wrong)
            : BalancerConfig.Write(await registry.ListAsync(cancellationToken), host) is { } config ? TypedResults.Text(config)
            : Problems.Of(503, "no API has said lately where it can be reached");
    }

    private static bool IsLoad(double load) => load >= 0 && double.IsFinite(load);

    private static Results<NoContent, JsonHttpResult<Problem>> Found(bool found, string name) =>
        found ? TypedResults.NoContent() : Problems.NotFound(Problem.NoSuchNode, name, $"node {name}");
}
