using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.Tests.OpenStack.Fake;

/// <summary>Neutron in memory: ports, floating addresses with revisions, security groups that stay in use for a while.</summary>
public sealed class FakeNetwork
{
    private int _next;

    public List<JsonObject> FloatingIPs { get; } = [];

    public List<JsonObject> Groups { get; } = [];

    /// <summary>The ports that were made by themselves; a server's own is always there.</summary>
    public List<JsonObject> Ports { get; } = [];

    public List<JsonObject> Networks { get; } =
    [
        new() { ["id"] = "ext", ["name"] = "internet", ["router:external"] = true, ["status"] = "ACTIVE", ["subnets"] = new JsonArray("s1") },
        new() { ["id"] = "n1", ["name"] = "inside", ["router:external"] = false, ["status"] = "ACTIVE", ["subnets"] = new JsonArray("s2") },
    ];

    /// <summary>How often the deletion of a group is refused because a port lags behind.</summary>
    public int LaggingPorts { get; set; }

    /// <summary>Forgets about If-Match, as an old cloud does.</summary>
    public bool WithoutRevisions { get; set; }

    public JsonObject AddFloatingIP(string? port = null, string? description = null)
    {
        var address = new JsonObject
        {
            ["id"] = $"fip-{++_next}",
            ["floating_ip_address"] = $"172.24.0.{_next}",
            ["floating_network_id"] = "ext",
            ["port_id"] = port,
            ["description"] = description,
            ["status"] = port is null ? "DOWN" : "ACTIVE",
        };
        if (!WithoutRevisions)
        {
            address["revision_number"] = 1;
        }

        FloatingIPs.Add(address);
        return address;
    }

    public (int, string) Handle(HttpRequest request, string path, string body)
    {
        var parts = path.Trim('/').Split('/');
        return (request.Method, parts) switch
        {
            ("GET", ["networks"]) => (200, List("networks", Networks.Where(one => !request.Query.TryGetValue("router:external", out var external)
                || (bool)one["router:external"]! == (external == "true")).Where(one => Matches(request.Query, one, "description")))),
            ("GET", ["routers"]) => (200, """{"routers":[]}"""),
            ("GET", ["subnets"]) => (200, """{"subnets":[]}"""),
            ("GET", ["ports"]) when request.Query.TryGetValue("device_id", out var device) => (200, PortOf(device.ToString())),
            ("GET", ["ports"]) => (200, List("ports", Ports.Where(one => Matches(request.Query, one, "network_id")))),
            ("POST", ["ports"]) => AddPort(JsonNode.Parse(body)!["port"]!.AsObject()),
            ("DELETE", ["ports", var id]) => Ports.RemoveAll(one => (string?)one["id"] == id) > 0 ? (204, "") : NotFound,
            ("GET", ["floatingips"]) => (200, List("floatingips", FloatingIPs.Where(one => Matches(request.Query, one, "port_id")))),
            ("POST", ["floatingips"]) => Allocate(JsonNode.Parse(body)!["floatingip"]!),
            ("GET", ["floatingips", var id]) => Find(FloatingIPs, id) is { } one ? (200, Wrap("floatingip", one)) : NotFound,
            ("PUT", ["floatingips", var id]) => Move(id, (string?)JsonNode.Parse(body)!["floatingip"]!["port_id"], request.Headers.IfMatch.ToString()),
            ("GET", ["security-groups"]) => (200, List("security_groups", Groups.Where(one => Matches(request.Query, one, "name")))),
            ("POST", ["security-groups"]) => CreateGroup(JsonNode.Parse(body)!["security_group"]!),
            ("GET", ["security-groups", var id]) => Find(Groups, id) is { } one ? (200, Wrap("security_group", one)) : NotFound,
            ("DELETE", ["security-groups", var id]) => DeleteGroup(id),
            ("POST", ["security-group-rules"]) => AddRule(JsonNode.Parse(body)!["security_group_rule"]!.AsObject()),
            _ => NotFound,
        };
    }

    private static (int, string) NotFound => (404, """{"NeutronError":{"type":"NotFound","message":"not found","detail":""}}""");

    private static string PortOf(string device) =>
        "{\"ports\":[{\"id\":\"port-of-" + device + "\",\"network_id\":\"n1\",\"device_id\":\"" + device
        + "\",\"status\":\"ACTIVE\",\"fixed_ips\":[{\"subnet_id\":\"s2\",\"ip_address\":\"10.0.0.9\"}]}]}";

    private static bool Matches(IQueryCollection query, JsonObject one, string key) => !query.ContainsKey(key) || (string?)one[key] == query[key].ToString();

    private static JsonObject? Find(List<JsonObject> all, string id) => all.Find(one => (string?)one["id"] == id);

    private static string Wrap(string key, JsonObject one) => new JsonObject { [key] = one.DeepClone() }.ToJsonString();

    private static string List(string key, IEnumerable<JsonObject> all) => new JsonObject { [key] = new JsonArray([.. all.Select(one => one.DeepClone())]) }.ToJsonString();

    private (int, string) AddPort(JsonObject wish)
    {
        var port = wish.DeepClone().AsObject();
        port["id"] = $"port-{++_next}";
        port["status"] = "DOWN";
        port["fixed_ips"] = new JsonArray(new JsonObject { ["subnet_id"] = "s2", ["ip_address"] = $"10.0.0.{_next}" });
        Ports.Add(port);
        return (201, Wrap("port", port));
    }

    private (int, string) Allocate(JsonNode wish) => (string?)wish["port_id"] is { } port && FloatingIPs.Any(one => (string?)one["port_id"] == port)
        ? (409, """{"NeutronError":{"type":"FloatingIPPortAlreadyAssociated","message":"Cannot associate floating IP","detail":""}}""")
        : (201, Wrap("floatingip", AddFloatingIP((string?)wish["port_id"], (string?)wish["description"])));

    private (int, string) Move(string id, string? port, string match)
    {
        if (Find(FloatingIPs, id) is not { } one)
        {
            return NotFound;
        }

        if (match.Length > 0 && match != $"revision_number={one["revision_number"]}")
        {
            return (412, """{"NeutronError":{"type":"RevisionNumberConstraintFailed","message":"Constrained to another revision","detail":""}}""");
        }

        one["port_id"] = port;
        one["revision_number"] = (int)one["revision_number"]! + 1;
        return (200, Wrap("floatingip", one));
    }

    private (int, string) CreateGroup(JsonNode wish)
    {
        Groups.Add(new JsonObject
        {
            ["id"] = $"sg-{++_next:000}",
            ["name"] = (string)wish["name"]!,
            ["description"] = (string?)wish["description"],
            ["created_at"] = $"2030-01-02T03:04:{_next % 60:00}Z",
            ["security_group_rules"] = new JsonArray(),
        });
        return (201, Wrap("security_group", Groups[^1]));
    }

    private (int, string) DeleteGroup(string id)
    {
        if (LaggingPorts > 0)
        {
            LaggingPorts--;
            return (409, "{\"NeutronError\":{\"type\":\"SecurityGroupInUse\",\"message\":\"Security Group " + id + " in use.\",\"detail\":\"\"}}");
        }

        return Groups.RemoveAll(one => (string?)one["id"] == id) > 0 ? (204, "") : NotFound;
    }

    private (int, string) AddRule(JsonObject rule)
    {
        var rules = Find(Groups, (string)rule["security_group_id"]!)!["security_group_rules"]!.AsArray();
        if (rules.Any(one => (string?)one!["protocol"] == (string?)rule["protocol"] && (int?)one["port_range_min"] == (int?)rule["port_range_min"]
            && (string?)one["remote_group_id"] == (string?)rule["remote_group_id"]))
        {
            return (409, """{"NeutronError":{"type":"SecurityGroupRuleExists","message":"Security group rule already exists.","detail":""}}""");
        }

        var added = rule.DeepClone().AsObject();
        added["id"] = $"rule-{++_next}";
        rules.Add(added);
        return (201, Wrap("security_group_rule", added));
    }
}
