using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// Swift: containers that can be deleted only while they are empty, and objects that expire. An expired object cannot be read, but a list
/// still names it and its container is not empty until the expirer removes it, or it is deleted (404, with a tombstone all the same:
/// swift/obj/server.py, DELETE).
/// </summary>
public sealed class SimulatedSwift(SimulatedWorld world)
{
    private const string ContainerMeta = "X-Container-Meta-";
    private static readonly TimeSpan Expirer = TimeSpan.FromMinutes(5);

    /// <summary>The containers by project and name.</summary>
    public Dictionary<(string Project, string Name), SimulatedContainer> Containers { get; } = [];

    /// <summary>Adds a container as it is.</summary>
    public SimulatedContainer Add(string project, string name) => Containers[(project, name)] =
        new SimulatedContainer(new(StringComparer.OrdinalIgnoreCase), new(StringComparer.Ordinal));

    public SimulatedResponse? Handle(SimulatedRequest request)
    {
        Expire();
        var parts = request.Segments.Where(part => part.Length > 0).Select(Uri.UnescapeDataString).ToArray();
        if (parts.Length == 0)
        {
            return request.Query.ContainsKey("bulk-delete") ? DeleteMany(request) : null;
        }
        var key = (request.Project, parts[0]);
        if (request.IsWrite)
        {
            world.Touch(request, $"container:{key.Project}/{parts[0]}");
            world.Touch(request, $"object:{key.Project}/{string.Join('/', parts)}");
        }
        var container = Containers.GetValueOrDefault(key);
        if (container is null && (parts.Length > 1 || request.Method != "PUT"))
        {
            return Html(404, "Not Found");
        }
        return parts.Length == 1
            ? HandleContainer(request, key, container)
            : HandleObject(request, container!, string.Join('/', parts[1..]));
    }

    private static SimulatedResponse Html(int status, string text) =>
        new(status, Encoding.UTF8.GetBytes($"<html><h1>{text}</h1></html>"), "text/html");

#pragma warning disable CA5351 // Swift's ETag is an MD5.
    private static string ETag(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351

    private bool IsExpired(SimulatedObject one) => one.Expires <= world.Clock.Now;

    private void Expire()
    {
        foreach (var objects in Containers.Values.Select(container => container.Objects))
        {
            foreach (var (name, _) in objects.Where(one => one.Value.Expires + Expirer <= world.Clock.Now).ToArray())
            {
                objects.Remove(name);
            }
        }
    }

    private SimulatedResponse? HandleContainer(SimulatedRequest request, (string, string) key, SimulatedContainer? container)
    {
        switch (request.Method)
        {
            case "PUT" or "POST":
                var isNew = container is null;
                container ??= Add(key.Item1, key.Item2);
                foreach (var (name, value) in request.Headers.Where(header =>
                    header.Key.StartsWith(ContainerMeta, StringComparison.OrdinalIgnoreCase)))
                {
                    container.Metadata[name] = value;
                }
                var created = isNew ? 201 : 202;
                return SimulatedResponse.Empty(request.Method == "POST" ? 204 : created);
            case "DELETE" when container!.Objects.Count > 0:
                return Html(409, "Conflict: There was a conflict when trying to complete your request.");
            case "DELETE":
                Containers.Remove(key);
                return SimulatedResponse.Empty(204);
            case "HEAD":
                var head = SimulatedResponse.Empty(204).With("X-Container-Object-Count", $"{container!.Objects.Count}");
                foreach (var (name, value) in container.Metadata)
                {
                    head.With(name, value);
                }
                return head;
            default:
                var marker = request.Query.GetValueOrDefault("marker", "");
                return SimulatedResponse.Json(200, new JsonArray([.. container!.Objects
                    .Where(one => string.CompareOrdinal(one.Key, marker) > 0)
                    .Select(one => new JsonObject
                    {
                        ["name"] = one.Key, ["bytes"] = one.Value.Content.Length, ["hash"] = ETag(one.Value.Content),
                    })]));
        }
    }

    private SimulatedResponse? HandleObject(SimulatedRequest request, SimulatedContainer container, string name)
    {
        var found = container.Objects.GetValueOrDefault(name);
        var isThere = found is not null && !IsExpired(found);
        switch (request.Method)
        {
            case "PUT" when isThere && request.Headers.GetValueOrDefault("If-None-Match") == "*":
                return Html(412, "Precondition Failed");
            case "PUT":
                DateTimeOffset? expires = request.Headers.TryGetValue("X-Delete-After", out var seconds)
                    ? world.Clock.Now.AddSeconds(int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture)) : null;
                var metadata = request.Headers.Where(header => header.Key.StartsWith("X-Object-Meta-", StringComparison.OrdinalIgnoreCase))
                    .ToDictionary(header => header.Key, header => header.Value);
                container.Objects[name] = new SimulatedObject(
                    request.Body, request.Headers.GetValueOrDefault("Content-Type", "application/octet-stream"), expires, metadata);
                return SimulatedResponse.Empty(201).With("ETag", ETag(request.Body));
            case "DELETE":
                container.Objects.Remove(name);
                return isThere ? SimulatedResponse.Empty(204) : Html(404, "Not Found");
            case "GET" or "HEAD" when !isThere:
                return Html(404, "Not Found");
            case "GET" or "HEAD":
                var response = new SimulatedResponse(200, found!.Content, found.Type).With("ETag", ETag(found.Content));
                foreach (var (key, value) in found.Metadata)
                {
                    response.With(key, value);
                }
                return response;
            default:
                return null;
        }
    }

    private SimulatedResponse DeleteMany(SimulatedRequest request)
    {
        var (deleted, missing) = (0, 0);
        foreach (var path in Encoding.UTF8.GetString(request.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = path.Trim().Trim('/').Split('/', 2).Select(Uri.UnescapeDataString).ToArray();
            world.Touch(request, $"container:{request.Project}/{parts[0]}");
            world.Touch(request, $"object:{request.Project}/{parts[0]}/{parts[1]}");
            var objects = Containers.GetValueOrDefault((request.Project, parts[0]))?.Objects;
            var found = objects?.GetValueOrDefault(parts[1]);
            objects?.Remove(parts[1]);
            _ = found is not null && !IsExpired(found) ? deleted++ : missing++;
        }
        return SimulatedResponse.Json(200, new JsonObject
        {
            ["Number Deleted"] = deleted,
            ["Number Not Found"] = missing,
            ["Errors"] = new JsonArray(),
            ["Response Status"] = "200 OK",
            ["Response Body"] = "",
        });
    }
}
