using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>Swift in memory, by raw paths: objects are stored under their escaped names.</summary>
public sealed class FakeSwift
{
    public SortedDictionary<string, (byte[] Content, string Type, Dictionary<string, string> Metadata)> Objects { get; } =
        new(StringComparer.Ordinal);

    public HashSet<string> Containers { get; } = [];

    public Dictionary<string, Dictionary<string, string>> ContainerMetadata { get; } = [];

    /// <summary>Whether uploads are corrupted, as by bad memory.</summary>
    public bool Corrupts { get; set; }

    /// <summary>Whether uploads ignore If-None-Match, as gateways of other stores may.</summary>
    public bool IgnoresConditions { get; set; }

    public async Task HandleAsync(HttpContext context, string path, FakeOpenStack cloud)
    {
        var relative = path["/swift/v1/AUTH_p1".Length..].Trim('/');
        var body = new MemoryStream();
        if (HttpMethods.IsPut(context.Request.Method) || HttpMethods.IsPost(context.Request.Method))
        {
            if (!IgnoresConditions && context.Request.Headers.IfNoneMatch == "*" && Objects.ContainsKey(relative))
            {
                await Plain(context, 412, "<html><h1>Precondition Failed</h1></html>");
                return;
            }
            await context.Request.Body.CopyToAsync(body);
        }
        byte[]? content;
        lock (cloud.State)
        {
            content = Handle(context, relative, body.ToArray());
        }
        if (content is not null && !HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(content);
        }
    }

#pragma warning disable CA5351 // Swift's ETag is an MD5.
    private static string ETag(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351

    private static Task Plain(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text);
    }

    private byte[]? Handle(HttpContext context, string name, byte[] body)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers["X-Trans-Id"] = "tx-fake";
        switch (request.Method)
        {
            case "PUT" when !name.Contains('/', StringComparison.Ordinal):
                response.StatusCode = Containers.Add(name) ? 201 : 202;
                Merge(name, request);
                return null;
            case "PUT":
                var stored = Corrupts ? [.. body, 0] : body;
                var metadata = request.Headers.Where(header => header.Key.StartsWith("X-Object-Meta-", StringComparison.OrdinalIgnoreCase))
                    .ToDictionary(header => header.Key, header => header.Value.ToString());
                Objects[name] = (stored, request.ContentType ?? "", metadata);
                response.StatusCode = 201;
                response.Headers.ETag = ETag(stored);
                return null;
            case "DELETE":
                if (Containers.Contains(name) && Objects.Keys.Any(one => one.StartsWith(name + "/", StringComparison.Ordinal)))
                {
                    response.StatusCode = 409;
                    return null;
                }
                response.StatusCode = Objects.Remove(name) || Containers.Remove(name) ? 204 : 404;
                ContainerMetadata.Remove(name);
                return null;
            case "POST" when Containers.Contains(name):
                Merge(name, request);
                response.StatusCode = 204;
                return null;
            case "POST":
                response.StatusCode = 200;
                response.ContentType = "application/json";
                return """
                    {"Number Deleted":1,"Number Not Found":1,"Errors":[["c/no%20way","403 Forbidden"]],"Response Status":"400 Bad Request",
                    "Response Body":""}
                    """u8.ToArray();
            default:
                return Read(context, name);
        }
    }

    // PUT and POST add metadata, and remove what is empty (swift/container/server.py, swift/common/db.py, update_metadata).
    private void Merge(string container, HttpRequest request)
    {
        if (!ContainerMetadata.TryGetValue(container, out var metadata))
        {
            ContainerMetadata[container] = metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        }
        foreach (var (key, values) in request.Headers)
        {
            if (!key.StartsWith("X-Container-Meta-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            if (values.ToString().Length == 0)
            {
                metadata.Remove(key);
            }
            else
            {
                metadata[key] = values.ToString();
            }
        }
    }

    private byte[]? Read(HttpContext context, string name)
    {
        var response = context.Response;
        if (name.Length == 0)
        {
            response.ContentType = "application/json";
            var marker = context.Request.Query["marker"].ToString();
            var after = Containers.Where(one => string.CompareOrdinal(one, marker) > 0).Order(StringComparer.Ordinal);
            return System.Text.Encoding.UTF8.GetBytes(
                new JsonArray([.. after.Select(one => new JsonObject { ["name"] = one })]).ToJsonString());
        }
        if (Containers.Contains(name))
        {
            var marker = context.Request.Query["marker"].ToString();
            var items = Objects.Where(one => one.Key.StartsWith(name + "/", StringComparison.Ordinal))
                .Select(one => (Name: Uri.UnescapeDataString(one.Key[(name.Length + 1)..]), one.Value))
                .Where(one => string.CompareOrdinal(one.Name, marker) > 0).Take(2)
                .Select(one => new JsonObject
                {
                    ["name"] = one.Name,
                    ["bytes"] = one.Value.Content.Length,
                    ["hash"] = ETag(one.Value.Content),
                    ["last_modified"] = "2030-01-02T03:04:05.678900"
                });
            response.ContentType = "application/json";
            foreach (var (key, value) in ContainerMetadata.GetValueOrDefault(name) ?? [])
            {
                response.Headers[key] = value;
            }
            return System.Text.Encoding.UTF8.GetBytes(new JsonArray([.. items]).ToJsonString());
        }
        if (!Objects.TryGetValue(name, out var found))
        {
            response.StatusCode = 404;
            return null;
        }
        response.Headers.ETag = ETag(found.Content);
        response.ContentType = found.Type;
        foreach (var (key, value) in found.Metadata)
        {
            response.Headers[key] = value;
        }
        if (context.Request.Headers.IfNoneMatch.ToString().Trim('"') == ETag(found.Content))
        {
            response.StatusCode = 304;
            return null;
        }
        response.ContentLength = found.Content.Length;
        return found.Content;
    }
}
