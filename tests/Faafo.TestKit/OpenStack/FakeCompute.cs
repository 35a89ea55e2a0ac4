using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// Nova in memory: a new server is BUILD, and gets the status <see cref="Outcome"/> after a few reads. As in Nova, the microversion of a
/// request decides its meaning: a filter that it does not know is ignored for ordinary users, and an unknown field of a body is 400
/// (nova/api/openstack/compute/servers.py, _get_server_search_options and remove_invalid_options; tags from 2.26 on).
/// </summary>
public sealed class FakeCompute
{
    private readonly Dictionary<string, int> _reads = [];

    public List<JsonObject> Servers { get; } = [];

    public string MaxMicroversion { get; set; } = "2.93";

    public string Outcome { get; set; } = "ACTIVE";

    /// <summary>The key pairs of the user, with name, fingerprint and public_key.</summary>
    public List<JsonObject> KeyPairs { get; } = [];

    /// <summary>Whether lists ignore every filter, and that for the project too, as no real Nova does.</summary>
    public bool IgnoresFilters { get; set; }

    /// <summary>The ids of locked servers, which cannot be deleted.</summary>
    public HashSet<string> Locked { get; } = [];

    /// <summary>Whether Neutron has a port; null if every port is accepted.</summary>
    public Func<string, bool>? HasPort { get; set; }

    public int ReadsUntilDone { get; set; } = 3;

    /// <summary>The page size of lists, whose links have another scheme and host, as behind a proxy.</summary>
    public int? PageSize { get; set; }

    public (int, string) Handle(
        HttpRequest request, string path, string body, SkippingTime time, bool isAdmin = false, string project = "p1")
    {
        var parts = path.Trim('/').Split('/');
        if (MicroversionOf(request) is not { } microversion)
        {
            return (406, """{"computeFault":{"code":406,"message":"The requested microversion is not supported by this API."}}""");
        }
        return (request.Method, parts) switch
        {
            ("GET", [""]) => (200, "{\"version\":{\"id\":\"v2.1\",\"status\":\"CURRENT\",\"version\":\"" + MaxMicroversion
                + "\",\"min_version\":\"2.1\",\"links\":[]}}"),
            ("POST", ["servers"]) => Create(JsonNode.Parse(body)!["server"]!.AsObject(), time, microversion, project),
            ("GET", ["os-keypairs"]) => (200, new JsonObject
            {
                ["keypairs"] = new JsonArray([.. KeyPairs.Select(key => new JsonObject { ["keypair"] = key.DeepClone() })]),
            }.ToJsonString()),
            ("POST", ["os-keypairs"]) => Import(JsonNode.Parse(body)!["keypair"]!.AsObject()),
            ("DELETE", ["os-keypairs", var name]) => KeyPairs.RemoveAll(key => (string?)key["name"] == name) == 0
                ? (404, "{\"itemNotFound\":{\"code\":404,\"message\":\"Keypair " + name + " not found.\"}}")
                : (microversion < new Version(2, 2) ? 202 : 204, ""),
            ("GET", ["servers", "detail"]) => List(request.Query, microversion, isAdmin, project),
            // Nova finds no server of another project, except for an administrator (objects/instance.py, project_only="allow_none").
            (_, ["servers", var id, ..]) when id != "detail" && !isAdmin
                && Servers.Exists(server => (string?)server["id"] == id && ProjectOf(server) != project) => NotFound,
            ("GET", ["servers", var id]) => Read(id, microversion),
            ("DELETE", ["servers", var id]) when Locked.Contains(id) =>
                (409, "{\"conflictingRequest\":{\"code\":409,\"message\":\"Instance " + id + " is locked\"}}"),
            ("DELETE", ["servers", var id]) => Servers.RemoveAll(server => (string?)server["id"] == id) > 0 ? (204, "") : NotFound,
            ("POST", ["servers", _, "action"]) => (200, """{"output":"[  1.0] booting\nKernel panic - not syncing\n"}"""),
            _ => NotFound,
        };
    }

    private static (int, string) NotFound => (404, """{"itemNotFound":{"code":404,"message":"Instance could not be found."}}""");

    /// <summary>Reads the microversion of a request: 2.1 if it names none, <c>null</c> if Nova does not support it.</summary>
    private Version? MicroversionOf(HttpRequest request)
    {
        var own = request.Headers["OpenStack-API-Version"].ToString().Split(' ');
        var asked = own is ["compute", var version] ? version : request.Headers["X-OpenStack-Nova-API-Version"].ToString();
        var highest = Version.Parse(MaxMicroversion);
        var microversion = asked switch { "" => new Version(2, 1), "latest" => highest, _ => Version.Parse(asked) };
        return microversion < new Version(2, 1) || microversion > highest ? null : microversion;
    }

    private static JsonObject Show(JsonObject server, Version microversion)
    {
        var shown = server.DeepClone().AsObject();
        shown["tenant_id"] ??= "p1";
        if (microversion < new Version(2, 26))
        {
            shown.Remove("tags");
        }
        return shown;
    }

    private static string ProjectOf(JsonObject server) => (string?)server["tenant_id"] ?? "p1";

    private static (int, string) BadRequest(string message) =>
        (400, new JsonObject { ["badRequest"] = new JsonObject { ["code"] = 400, ["message"] = message } }.ToJsonString());

    private (int, string) Create(JsonObject wish, SkippingTime time, Version microversion, string project)
    {
        if (NovaRules.Reject(wish, microversion) is { } reason)
        {
            return BadRequest(reason);
        }
        // nova/network/neutron.py, _validate_requested_port_ids, and api/openstack/compute/servers.py: PortNotFound is 400.
        var ports = (wish["networks"] as JsonArray ?? []).Select(network => (string?)network!["port"]).OfType<string>();
        if (HasPort is not null && ports.FirstOrDefault(port => !HasPort(port)) is { } missing)
        {
            return BadRequest($"Port id {missing} could not be found.");
        }
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
                ["tenant_id"] = project,
            });
        }
        return (202, "{\"server\":{\"id\":\"" + first + "\",\"adminPass\":\"adm1n-pass\",\"links\":[]}}");
    }

    // One name per user (nova/compute/api.py, KeypairAPI.import_key_pair, and KeyPairExists: 409).
    private (int, string) Import(JsonObject wish)
    {
        if (KeyPairs.Exists(key => (string?)key["name"] == (string?)wish["name"]))
        {
            return (409, "{\"conflictingRequest\":{\"code\":409,\"message\":\"Key pair '" + wish["name"] + "' already exists.\"}}");
        }
        var pair = wish.DeepClone().AsObject();
        pair["fingerprint"] = "f";
        KeyPairs.Add(pair);
        return (201, new JsonObject { ["keypair"] = pair.DeepClone() }.ToJsonString());
    }

    private (int, string) Read(string id, Version microversion)
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
        return (200, new JsonObject { ["server"] = Show(server, microversion) }.ToJsonString());
    }

    /// <summary>Completes the creation of a server.</summary>
    public static void Finish(JsonObject server, string outcome)
    {
        server["status"] = outcome;
        server["OS-EXT-STS:task_state"] = null;
        if (outcome == "ERROR")
        {
            server["fault"] = new JsonObject
            {
                ["code"] = 500,
                ["message"] = "No valid host was found.",
                ["created"] = "2030-01-02T03:04:05Z"
            };
        }
    }

    private (int, string) List(IQueryCollection query, Version microversion, bool isAdmin, string project)
    {
        if (NovaRules.FindUnexpected(query, microversion) is { } unexpected)
        {
            return BadRequest($"Additional properties are not allowed ('{unexpected}' was unexpected)");
        }
        if (query.ContainsKey("all_tenants") && !isAdmin)
        {
            return (403,
                """{"forbidden":{"code":403,"message":"Policy doesn't allow os_compute_api:servers:detail:get_all_tenants."}}""");
        }
        var tags = Tags("tags");
        var any = Tags("tags-any");
        var matches = Servers.Where(server => query.ContainsKey("all_tenants") || IgnoresFilters || ProjectOf(server) == project)
            .Where(server => tags.All(tag => Has(server, tag)) && (any.Length == 0 || any.Any(tag => Has(server, tag))))
            .Where(server => Filter("status") is not { } status || (string?)server["status"] == status)
            .Where(server => Filter("name") is not { } name
                || System.Text.RegularExpressions.Regex.IsMatch((string)server["name"]!, name))
            .SkipWhile(server => query.ContainsKey("marker") && (string?)server["id"] != query["marker"])
            .Skip(query.ContainsKey("marker") ? 1 : 0).ToList();
        var page = new JsonObject
        {
            ["servers"] = new JsonArray(
            [.. matches.Take(PageSize ?? 1000).Select(server => Show(server, microversion))])
        };
        if (PageSize < matches.Count)
        {
            page["servers_links"] = new JsonArray(new JsonObject
            {
                ["rel"] = "next",
                ["href"] = $"https://inside.example:8774/compute/v2.1/servers/detail?marker={matches[PageSize.Value - 1]["id"]}",
            });
        }
        return (200, page.ToJsonString());

        string? Filter(string filter) => !IgnoresFilters && query.TryGetValue(filter, out var value)
            && NovaRules.Applies(filter, microversion, isAdmin) ? value.ToString() : null;

        string[] Tags(string filter) => Filter(filter)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

        static bool Has(JsonObject server, string tag) => server["tags"] is JsonArray tags && tags.Any(one => (string?)one == tag);
    }
}
