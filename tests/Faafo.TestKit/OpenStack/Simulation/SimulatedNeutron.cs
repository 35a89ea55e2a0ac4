using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// Neutron: nothing but the rules between resources protects it from duplicates, since no name is unique. What is in use stays
/// (neutron/db/db_base_plugin_v2.py, l3_db.py, securitygroups_db.py): groups of ports, networks and subnets with ports, routers with
/// interfaces, interfaces with floating IPs. The port of a router's interface can only be deleted through the router.
/// </summary>
public sealed partial class SimulatedNeutron
{
    private const string Interface = "network:router_interface";

    private readonly SimulatedWorld _world;
    private readonly Dictionary<string, List<JsonObject>> _kinds = new()
    {
        ["networks"] = [],
        ["subnets"] = [],
        ["ports"] = [],
        ["routers"] = [],
        ["floatingips"] = [],
        ["security-groups"] = [],
    };

    public SimulatedNeutron(SimulatedWorld world)
    {
        _world = world;
        Add("networks", "ext", "internet", "admin")["router:external"] = true;
        var shared = Add("networks", "n1", "inside", "admin");
        shared["shared"] = true;
        var subnet = Add("subnets", "s1", "inside", "admin");
        (subnet["network_id"], subnet["cidr"], subnet["ip_version"]) = ("n1", "10.0.0.0/24", 4);
        Add("routers", "r1", "edge", "admin")["external_gateway_info"] = new JsonObject { ["network_id"] = "ext" };
        AddPort("n1", "admin", Interface, "r1");
        Add("security-groups", "default-p1", "default", SimulatedWorld.Project)["security_group_rules"] = new JsonArray();
    }

    /// <summary>All resources.</summary>
    public IEnumerable<JsonObject> All => _kinds.Values.SelectMany(kind => kind);

    /// <summary>The resources of a kind, by the name of its collection in URLs.</summary>
    public List<JsonObject> Of(string kind) => _kinds[kind];

    /// <summary>Adds a resource as it is.</summary>
    public JsonObject Add(string kind, string id, string name, string project, string description = "")
    {
        var one = new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["description"] = description,
            ["project_id"] = project,
            ["tenant_id"] = project,
            ["status"] = "ACTIVE",
            ["revision_number"] = 1,
        };
        if (kind == "networks")
        {
            (one["router:external"], one["shared"], one["subnets"]) = (false, false, new JsonArray());
        }
        _kinds[kind].Add(one);
        return one;
    }

    public SimulatedResponse? Handle(SimulatedRequest request)
    {
        switch (request.Method, request.Segments)
        {
            case ("GET", ["quotas", _, "details"]):
                return SimulatedResponse.Of(200, "quota", Quota());
            case ("POST", ["security-group-rules"]):
                return AddRule(request);
            case ("DELETE", ["security-group-rules", var rule]):
                return DeleteRule(request, rule);
            case ("GET", [var kind]) when _kinds.ContainsKey(kind):
                return List(request, kind);
            case ("POST", [var kind]) when _kinds.ContainsKey(kind):
                return Create(request, kind);
            case (_, [var kind, var id, .. var rest]) when _kinds.ContainsKey(kind):
                return Find(kind, id, request) is { } one ? Handle(request, kind, one, rest) : NotFound(id);
            default:
                return null;
        }
    }

    private static SimulatedResponse NotFound(string id) => Error(404, "NotFound", $"{id} could not be found.");

    private static SimulatedResponse Error(int status, string type, string message) =>
        SimulatedResponse.Of(status, "NeutronError", new JsonObject { ["type"] = type, ["message"] = message, ["detail"] = "" });

    private static string Singular(string kind) => kind[..^1].Replace('-', '_');

    private static string? Text(JsonObject one, string key) => one[key]?.ToString();

    private JsonObject? Find(string kind, string? id) => _kinds[kind].Find(one => Text(one, "id") == id);

    private JsonObject? Find(string kind, string? id, SimulatedRequest request) =>
        Find(kind, id) is { } one && IsVisible(one, request) ? one : null;

    // A shared network shows its subnets too.
    private bool IsVisible(JsonObject one, SimulatedRequest request) => request.IsAdmin || Text(one, "project_id") == request.Project
        || (!request.IsWrite && (IsShared(one) || (one["cidr"] is not null && Find("networks", Text(one, "network_id")) is { } network
            && IsShared(network))));

    private static bool IsShared(JsonObject one) => Text(one, "router:external") == "true" || Text(one, "shared") == "true";

    private static JsonObject Quota()
    {
        var quota = new JsonObject();
        foreach (var kind in (string[])["floatingip", "network", "port", "router", "security_group", "security_group_rule", "subnet"])
        {
            quota[kind] = new JsonObject { ["limit"] = 500, ["used"] = 1, ["reserved"] = 0 };
        }
        return quota;
    }

    private SimulatedResponse List(SimulatedRequest request, string kind)
    {
        var key = kind.Replace('-', '_');
        var filters = NeutronRules.FiltersOf(request.Query);
        if (filters.Find(one => !NeutronRules.CanFilter(key, one.Key)) is { Key: { } unknown })
        {
            return Error(400, "HTTPBadRequest", $"['{unknown}'] is invalid attribute for filtering");
        }
        return SimulatedResponse.List(key, _kinds[kind].Where(one => IsVisible(one, request))
            .Where(one => filters.TrueForAll(filter => (Text(one, filter.Key) ?? "") == filter.Value)).Select(one => one.DeepClone()));
    }

    private SimulatedResponse? Handle(SimulatedRequest request, string kind, JsonObject one, string[] rest)
    {
        var id = Text(one, "id")!;
        if (request.IsWrite)
        {
            _world.Touch(request, id);
        }
        return (request.Method, kind, rest) switch
        {
            ("GET", _, []) => SimulatedResponse.Of(200, Singular(kind), one.DeepClone()),
            ("PUT", "floatingips", []) => Move(request, one),
            ("PUT", "routers", ["add_router_interface"]) => Attach(request, one),
            ("PUT", "routers", ["remove_router_interface"]) => Detach(request, one),
            ("PUT", _, []) => SimulatedResponse.Of(200, Singular(kind), one.DeepClone()),
            ("DELETE", _, []) => Delete(kind, one) ?? SimulatedResponse.Empty(204),
            _ => null,
        };
    }

    /// <summary>Deletes a resource, or returns why Neutron refuses.</summary>
    private SimulatedResponse? Delete(string kind, JsonObject one)
    {
        var id = Text(one, "id")!;
        var ports = _kinds["ports"];
        switch (kind)
        {
            case "security-groups" when ports.Exists(port => port["security_groups"]!.AsArray().Any(group => (string?)group == id)):
                return Error(409, "SecurityGroupInUse", $"Security Group {id} in use.");
            case "security-groups":
                DropRulesFrom(id);
                break;
            case "networks" when ports.Exists(port => Text(port, "network_id") == id):
                return Error(409, "NetworkInUse", $"Unable to complete operation on network {id}.");
            case "networks":
                _kinds["subnets"].RemoveAll(subnet => Text(subnet, "network_id") == id);
                break;
            case "subnets" when ports.Exists(port => SubnetOf(port) == id):
                return Error(409, "SubnetInUse", $"Unable to complete operation on subnet {id}: One or more ports have an IP allocation.");
            case "routers" when ports.Exists(port => Text(port, "device_id") == id):
                return Error(409, "RouterInUse", $"Router {id} still has ports");
            case "ports" when Text(one, "device_owner") == Interface:
                return Error(
                    409, "ServicePortInUse", $"Port {id} cannot be deleted directly via the port API: has device owner {Interface}.");
            case "ports":
                Disassociate(id);
                break;
            default:
                break;
        }
        _kinds[kind].Remove(one);
        return null;
    }
}
