using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.Tests.OpenStack;

/// <summary>Changes the catalog in the answer to a login, for the fake's <c>Inject</c>.</summary>
internal static class CatalogRewrite
{
    public static Func<HttpContext, Func<Task>, Task> By(Action<JsonObject> change) => async (context, work) =>
    {
        var real = context.Response.Body;
        using var copy = new MemoryStream();
        context.Response.Body = copy;
        await work();
        context.Response.Body = real;
        var body = JsonNode.Parse(copy.ToArray())!;
        change((JsonObject)body["token"]!);
        await real.WriteAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), context.RequestAborted);
    };

    /// <summary>Finds the only endpoint of a service.</summary>
    public static JsonObject EndpointOf(JsonObject token, string type) => (JsonObject)ServiceOf(token, type)["endpoints"]![0]!;

    public static JsonObject ServiceOf(JsonObject token, string type) =>
        (JsonObject)((JsonArray)token["catalog"]!).Single(service => (string?)service!["type"] == type)!;
}
