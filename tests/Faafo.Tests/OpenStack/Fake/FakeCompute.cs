using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.Tests.OpenStack.Fake;

/// <summary>Nova in memory: a server is BUILD when it is made, and becomes what <see cref="Outcome"/> says after it was read a few times.</summary>
public sealed class FakeCompute
{
    private readonly Dictionary<string, int> _reads = [];

    public List<JsonObject> Servers { get; } = [];

    public string MaxMicroversion { get; set; } = "2.93";

    public string Outcome { get; set; } = "ACTIVE";

    public int ReadsUntilDone { get; set; } = 3;

    /// <summary>Answers lists in pages of this size, with links that have another scheme and host, as behind a proxy.</summary>
    public int? PageSize { get; set; }

    public (int, string) Handle(HttpRequest request, string path, string body, SkippingTime time)
    {
        var parts = path.Trim('/').Split('/');
        return (request.Method, parts) switch
        {
            ("GET", [""]) => (200, "{\"version\":{\"id\":\"v2.1\",\"status\":\"CURRENT\",\"version\":\"" + MaxMicroversion + "\",\"min_version\":\"2.1\",\"links\":[]}}"),
            ("POST", ["servers"]) => Create(JsonNode.Parse(body)!["server"]!.AsObject(), time),
            ("GET", ["os-keypairs"]) => (200, """{"keypairs":[]}"""),
            ("GET", ["servers", "detail"]) => List(request.Query),
            ("GET", ["servers", var id]) => Read(id),
            ("DELETE", ["servers", var id]) => Servers.RemoveAll(server => (string?)server["id"] == id) > 0 ? (204, "") : NotFound,
            ("POST", ["servers", _, "action"]) => (200, """{"output":"[  1.0] booting\nKernel panic - not syncing\n"}"""),
            _ => NotFound,
        };
    }

    private static (int, string) NotFound => (404, """{"itemNotFound":{"code":404,"message":"Instance could not be found."}}""");

    private (int, string) Create(JsonObject wish, SkippingTime time)
    {
        var count = (int?)wish["min_count"] ?? 1;
        string? first = null;
        for (var i = 1; i <= count; i++)
        {
            var id = Guid.NewGuid().ToString();
            first ??= id;
            Servers.Add(new JsonObject
            {
                ["id"] = id,
                ["name"] = (string)wish["name"]! + (count > 1 ? $"-{i}" : ""),
                ["status"] = "BUILD",
                ["OS-EXT-STS:task_state"] = "spawning",
                ["created"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ"),
                ["tags"] = wish["tags"]?.DeepClone() ?? new JsonArray(),
                ["image"] = "",
            });
        }

        return (202, "{\"server\":{\"id\":\"" + first + "\",\"adminPass\":\"adm1n-pass\",\"links\":[]}}");
    }

    private (int, string) Read(string id)
    {
        if (Servers.Find(one => (string?)one["id"] == id) is not { } server)
        {
            return NotFound;
        }

        _reads[id] = _reads.GetValueOrDefault(id) + 1;
        if (_reads[id] >= ReadsUntilDone && (string?)server["status"] == "BUILD")
        {
            Finish(server, Outcome);
        }

        return (200, new JsonObject { ["server"] = server.DeepClone() }.ToJsonString());
    }

    /// <summary>Ends the building of a server.</summary>
    public static void Finish(JsonObject server, string outcome)
    {
        server["status"] = outcome;
        server["OS-EXT-STS:task_state"] = null;
        if (outcome == "ERROR")
        {
            server["fault"] = new JsonObject { ["code"] = 500, ["message"] = "No valid host was found.", ["created"] = "2030-01-02T03:04:05Z" };
        }
    }

    private (int, string) List(IQueryCollection query)
    {
        var tags = query["tags"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        var matches = Servers.Where(server => tags.All(tag => server["tags"]!.AsArray().Any(one => (string?)one == tag)))
            .Where(server => !query.TryGetValue("name", out var name) || System.Text.RegularExpressions.Regex.IsMatch((string)server["name"]!, name.ToString()))
            .SkipWhile(server => query.ContainsKey("marker") && (string?)server["id"] != query["marker"])
            .Skip(query.ContainsKey("marker") ? 1 : 0).ToList();
        var page = new JsonObject { ["servers"] = new JsonArray([.. matches.Take(PageSize ?? 1000).Select(server => server.DeepClone())]) };
        if (PageSize < matches.Count)
        {
            page["servers_links"] = new JsonArray(new JsonObject
            {
                ["rel"] = "next",
                ["href"] = $"https://inside.example:8774/compute/v2.1/servers/detail?marker={matches[PageSize.Value - 1]["id"]}",
            });
        }

        return (200, page.ToJsonString());
    }
}
