using Faafo.Api.Http;
using Faafo.Fractals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faafo.Api.Nodes;

/// <summary>/v1/haproxy.cfg: the configuration of an HAProxy in front of the APIs.</summary>
internal static class BalancerApi
{
    public static void MapBalancer(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/haproxy.cfg", GetAsync).WithTags("nodes")
        .WithSummary("Returns the configuration of an HAProxy in front of all running APIs")
        .Produces<string>(200, "text/plain").Produces<Problem>(400).Produces<Problem>(503);

    private static async Task<Results<ContentHttpResult, JsonHttpResult<Problem>>> GetAsync(
        NodeRegistry registry, CancellationToken cancellationToken,
        string bind = "*:80", string stats = "127.0.0.1:8404", string socket = "/run/haproxy/admin.sock", string? user = null)
    {
        var host = new BalancerHost(bind, stats, socket, user);
        FieldError[] errors = [.. host.Check()];
        if (errors.Length > 0)
        {
            return Problems.Rejected(errors);
        }
        var config = BalancerConfig.Write(await registry.ListAsync(cancellationToken), host);
        return config is not null
            ? TypedResults.Text(config)
            : Problems.Of(503, "no running API has reported an address that a balancer can reach; set --advertise-url");
    }
}
