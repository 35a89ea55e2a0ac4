using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// Neutron in memory: ports, floating IPs with revisions, security groups that stay in use for a while. As in Neutron, a list is filtered
/// by the attributes of its query (<see cref="NeutronRules"/>), the lists of an administrator show all projects, others find no resource
/// of another project, and a network that is deleted takes its subnets with it, but is in use while it has ports.
/// </summary>
public sealed class FakeNetwork
{
    private int _next;

    public List<JsonObject> FloatingIPs { get; } = [];

    public List<JsonObject> Groups { get; } = [];

    /// <summary>The ports that were created explicitly; each server has one more.</summary>
    public List<JsonObject> Ports { get; } = [];

    public List<JsonObject> Networks { get; } =
    [
        new() { ["id"] = "ext", ["name"] = "internet", ["router:external"] = true, ["status"] = "ACTIVE", ["subnets"] = new JsonArray("s1"),
            ["project_id"] = "admin" },
        new() { ["id"] = "n1", ["name"] = "inside", ["router:external"] = false, ["status"] = "ACTIVE", ["subnets"] = new JsonArray("s2") },
    ];

    public List<JsonObject> Routers { get; } = [];

    public List<JsonObject> Subnets { get; } = [];

    private FakeRouting Routing => new(this);

    /// <summary>How many deletions of a group fail because a port still uses it.</summary>
    public int LaggingPorts { get; set; }

    /// <summary>Whether an unknown filter is rejected (the extension filter-validation) and not ignored.</summary>
    public bool ValidatesFilters { get; set; } = true;

    /// <summary>Whether lists ignore every filter, as no real Neutron does.</summary>
    public bool IgnoresFilters { get; set; }

    /// <summary>Whether revisions and If-Match are unknown, as in an old cloud.</summary>
    public bool WithoutRevisions { get; set; }

    public JsonObject AddFloatingIP(string? port = null, string? description = null, string project = "p1")
    {
        var address = new JsonObject
        {
            ["id"] = $"fip-{++_next}",
            ["floating_ip_address"] = $"172.24.0.{_next}",
            ["floating_network_id"] = "ext",
            ["port_id"] = port,
            ["description"] = description,
            ["status"] = port is null ? "DOWN" : "ACTIVE",
            ["project_id"] = project,
        };
        if (!WithoutRevisions)
        {
            address["revision_number"] = 1;
        }
        FloatingIPs.Add(address);
        return address;
    }

    public (int, string) Handle(HttpRequest request, string path, string body, bool isAdmin = false, string project = "p1")
    {
        var parts = path.Trim('/').Split('/');
        return (request.Method, parts) switch
        {
            ("GET" or "PUT" or "DELETE", [var list, var id]) when !isAdmin && Kind(list).Exists(
                one => (string?)one["id"] == id && !IsVisible(one)) => NotFound,
            ("GET", ["networks"]) => List("networks", Networks),
            ("GET", ["routers"]) => List("routers", Routers),
            ("GET", ["subnets"]) => List("subnets", Subnets),
            ("GET", ["ports"]) => List(
                "ports", request.Query.TryGetValue("device_id", out var device) ? Ports.Append(PortOf(device.ToString())) : Ports),
            ("DELETE", ["networks", var id]) => DeleteNetwork(id),
            ("DELETE", ["subnets", var id]) => Routing.InUse(id) ?? Delete(Subnets, id),
            ("DELETE", ["routers", var id]) => Routing.InUse(id) ?? Delete(Routers, id),
            ("POST", ["networks" or "subnets" or "routers"]) or ("PUT", ["routers", ..]) => Routing.Handle(parts, body, project),
            ("POST", ["ports"]) => AddPort(JsonNode.Parse(body)!["port"]!.AsObject()),
            ("DELETE", ["ports", var id]) => Delete(Ports, id),
            ("GET", ["floatingips"]) => List("floatingips", FloatingIPs),
            ("DELETE", ["floatingips", var id]) => Delete(FloatingIPs, id),
            ("POST", ["floatingips"]) => Allocate(JsonNode.Parse(body)!["floatingip"]!),
            ("GET", ["floatingips", var id]) => Find(FloatingIPs, id) is { } one ? (200, Wrap("floatingip", one)) : NotFound,
            ("PUT", ["floatingips", var id]) =>
                Move(id, (string?)JsonNode.Parse(body)!["floatingip"]!["port_id"], request.Headers.IfMatch.ToString()),
            ("GET", ["security-groups"]) => List("security_groups", Groups),
            ("POST", ["security-groups"]) => CreateGroup(JsonNode.Parse(body)!["security_group"]!),
            ("GET", ["security-groups", var id]) => Find(Groups, id) is { } one ? (200, Wrap("security_group", one)) : NotFound,
            ("DELETE", ["security-groups", var id]) => DeleteGroup(id),
            ("POST", ["security-group-rules"]) => AddRule(JsonNode.Parse(body)!["security_group_rule"]!.AsObject()),
            _ => NotFound,
        };
        (int, string) List(string key, IEnumerable<JsonObject> all)
        {
            var filters = IgnoresFilters ? [] : NeutronRules.FiltersOf(
                request.Query.Select(one => KeyValuePair.Create(one.Key, one.Value.ToString())));
            if (filters.Find(one => !NeutronRules.CanFilter(key, one.Key)) is { Key: { } unknown } && ValidatesFilters)
            {
                return NeutronRules.Error(400, "HTTPBadRequest", $"['{unknown}'] is invalid attribute for filtering");
            }
            filters.RemoveAll(one => !NeutronRules.CanFilter(key, one.Key));
            var found = all.Where(one => isAdmin || IsVisible(one))
                .Where(one => filters.TrueForAll(filter => filter.Key is "project_id" or "tenant_id"
                    ? Project(one) == filter.Value : Text(one[filter.Key]) == filter.Value));
            return (200, new JsonObject { [key] = new JsonArray([.. found.Select(Show)]) }.ToJsonString());
        }

        bool IsVisible(JsonObject one) =>
            Project(one) == project || (request.Method == "GET" && (Is(one, "router:external") || Is(one, "shared")));

        List<JsonObject> Kind(string list) => list switch
        {
            "networks" => Networks,
            "subnets" => Subnets,
            "routers" => Routers,
            "ports" => Ports,
            "floatingips" => FloatingIPs,
            "security-groups" => Groups,
            _ => [],
        };
    }

    private static (int, string) NotFound => (404, """{"NeutronError":{"type":"NotFound","message":"not found","detail":""}}""");

    private static JsonObject PortOf(string device) => new()
    {
        ["id"] = "port-of-" + device,
        ["network_id"] = "n1",
        ["device_id"] = device,
        ["device_owner"] = "compute:nova",
        ["status"] = "ACTIVE",
        ["fixed_ips"] = new JsonArray(new JsonObject { ["subnet_id"] = "s2", ["ip_address"] = "10.0.0.9" }),
    };

    private static string Project(JsonObject one) => (string?)one["project_id"] ?? "p1";

    private static bool Is(JsonObject one, string attribute) => (bool?)one[attribute] ?? false;

    private static string Text(JsonNode? value) => value?.ToString() ?? "";

    private static JsonNode Show(JsonObject one)
    {
        var shown = one.DeepClone().AsObject();
        shown["project_id"] = Project(one);
        shown["tenant_id"] = Project(one);
        return shown;
    }

    private static (int, string) Delete(List<JsonObject> all, string id) =>
        all.RemoveAll(one => (string?)one["id"] == id) > 0 ? (204, "") : NotFound;

    private static JsonObject? Find(List<JsonObject> all, string id) => all.Find(one => (string?)one["id"] == id);

    private static string Wrap(string key, JsonObject one) => new JsonObject { [key] = Show(one) }.ToJsonString();

    // Ports of DHCP agents go with their network (neutron/db/db_base_plugin_v2.py, delete_network).
    private (int, string) DeleteNetwork(string id)
    {
        if (Ports.Find(port => (string?)port["network_id"] == id && (string?)port["device_owner"] != "network:dhcp") is { } port)
        {
            return NeutronRules.Error(409, "NetworkInUse", $"Unable to complete operation on network {id}. There are one or more ports "
                + $"still in use on the network, id for these ports is: {port["id"]}.");
        }
        Subnets.RemoveAll(subnet => (string?)subnet["network_id"] == id);
        return Delete(Networks, id);
    }

    private (int, string) AddPort(JsonObject wish)
    {
        if (NeutronRules.Reject("port", wish) is { } rejection)
        {
            return rejection;
        }
        var port = wish.DeepClone().AsObject();
        port["id"] = $"port-{++_next}";
        port["status"] = "DOWN";
        var asked = (string?)wish["fixed_ips"]?[0]?["ip_address"];
        if (asked is not null && Ports.Exists(one => (string?)one["fixed_ips"]?[0]?["ip_address"] == asked))
        {
            return NeutronRules.Error(
                409, "IpAddressAlreadyAllocated", $"IP address {asked} already allocated in subnet {port["network_id"]}");
        }
        port["fixed_ips"] = new JsonArray(new JsonObject
        {
            ["subnet_id"] = (string?)Subnets.Find(one => (string?)one["network_id"] == (string?)port["network_id"])?["id"] ?? "s2",
            ["ip_address"] = asked ?? $"10.0.0.{_next}",
        });
        Ports.Add(port);
        return (201, Wrap("port", port));
    }

    private (int, string) Allocate(JsonNode wish) => NeutronRules.Reject("floatingip", wish.AsObject())
        ?? ((string?)wish["port_id"] is { } port && FloatingIPs.Any(one => (string?)one["port_id"] == port)
        ? (409, """{"NeutronError":{"type":"FloatingIPPortAlreadyAssociated","message":"Cannot associate floating IP","detail":""}}""")
        : (201, Wrap("floatingip", AddFloatingIP((string?)wish["port_id"], (string?)wish["description"]))));

    private (int, string) Move(string id, string? port, string match)
    {
        if (Find(FloatingIPs, id) is not { } one)
        {
            return NotFound;
        }
        if (match.Length > 0 && match != $"revision_number={one["revision_number"]}")
        {
            return (412,
                """{"NeutronError":{"type":"RevisionNumberConstraintFailed","message":"Constrained to another revision","detail":""}}""");
        }
        one["port_id"] = port;
        one["revision_number"] = (int)one["revision_number"]! + 1;
        return (200, Wrap("floatingip", one));
    }

    private (int, string) CreateGroup(JsonNode wish)
    {
        if (NeutronRules.Reject("security_group", wish.AsObject()) is { } rejection)
        {
            return rejection;
        }
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
            return (409, "{\"NeutronError\":{\"type\":\"SecurityGroupInUse\",\"message\":\"Security Group " + id
                + " in use.\",\"detail\":\"\"}}");
        }
        return Delete(Groups, id);
    }

    private (int, string) AddRule(JsonObject rule)
    {
        if (NeutronRules.Reject("security_group_rule", rule) is { } rejection)
        {
            return rejection;
        }
        var rules = Find(Groups, (string)rule["security_group_id"]!)!["security_group_rules"]!.AsArray();
        if (rules.Any(one => (string?)one!["protocol"] == (string?)rule["protocol"]
            && (int?)one["port_range_min"] == (int?)rule["port_range_min"]
            && (string?)one["remote_group_id"] == (string?)rule["remote_group_id"]))
        {
            return (409,
                """{"NeutronError":{"type":"SecurityGroupRuleExists","message":"Security group rule already exists.","detail":""}}""");
        }
        var added = rule.DeepClone().AsObject();
        added["id"] = $"rule-{++_next}";
        rules.Add(added);
        return (201, Wrap("security_group_rule", added));
    }
}
