using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// Octavia: a load balancer, and the listeners and pools that a change concerns, are immutable (409) until the change is done, and what is
/// deleted is listed as PENDING_DELETE until then (octavia/api/v2/controllers). What it has is unique: one listener for a port, one default
/// pool for a listener, one health monitor for a pool, one member for an address and port (octavia/db/models.py).
/// </summary>
public sealed partial class SimulatedOctavia(SimulatedWorld world)
{
    private const string Balancer = "balancer-of";
    private const string PoolOf = "pool-of";
    private const string Done = "done-at";
    private const string Status = "provisioning_status";
    private static readonly string[] Children = ["listeners", "pools", "healthmonitors", "members"];

    private readonly Dictionary<string, List<JsonObject>> _kinds = new()
    {
        ["loadbalancers"] = [],
        ["listeners"] = [],
        ["pools"] = [],
        ["healthmonitors"] = [],
        ["members"] = [],
    };

    /// <summary>All resources.</summary>
    public IEnumerable<JsonObject> All => _kinds.Values.SelectMany(kind => kind);

    /// <summary>The resources of a kind.</summary>
    public List<JsonObject> Of(string kind) => _kinds[kind];

    /// <summary>Adds a load balancer as it is, with its port.</summary>
    public JsonObject Add(string id, string name, string project, string description, string subnet)
    {
        var network = (string)world.Neutron.Of("subnets").Find(one => (string?)one["id"] == subnet)!["network_id"]!;
        var port = world.Neutron.AddPort(network, project, "Octavia", $"lb-{id}", $"vip-{id}");
        var balancer = new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["description"] = description,
            ["project_id"] = project,
            [Status] = "ACTIVE",
            ["operating_status"] = "ONLINE",
            ["vip_port_id"] = $"vip-{id}",
            ["vip_subnet_id"] = subnet,
            ["vip_network_id"] = network,
            ["vip_address"] = (string?)port["fixed_ips"]![0]!["ip_address"],
        };
        _kinds["loadbalancers"].Add(balancer);
        return balancer;
    }

    public SimulatedResponse? Handle(SimulatedRequest request)
    {
        switch (request.Method, request.Segments)
        {
            case ("GET", ["pools", var pool, "members"]):
                return Find("pools", pool) is { } owner && IsVisible(owner, request)
                    ? SimulatedResponse.List("members", _kinds["members"].Where(one => Text(one, PoolOf) == pool).Select(Show))
                    : NotFound("Pool", pool);
            case ("POST", ["pools", var pool, "members"]):
                return Create(request, "members", pool);
            case ("PUT", ["pools", _, "members", var id]):
                return Update(request, "members", id);
            case ("DELETE", ["pools", _, "members", var id]):
                return Delete(request, "members", id);
            case ("GET", [var kind]) when _kinds.ContainsKey(kind):
                return SimulatedResponse.List(
                    kind, _kinds[kind].Where(one => IsVisible(one, request) && IsAsked(one, request)).Select(Show));
            case ("POST", ["loadbalancers"]):
                return CreateBalancer(request);
            case ("POST", [var kind]) when _kinds.ContainsKey(kind):
                return Create(request, kind, null);
            case ("GET", [var kind, var id]) when _kinds.ContainsKey(kind):
                return Find(kind, id) is { } one && IsVisible(one, request)
                    ? SimulatedResponse.Of(200, kind[..^1], Show(one)) : NotFound(Name(kind), id);
            case ("PUT", [var kind, var id]) when _kinds.ContainsKey(kind):
                return Update(request, kind, id);
            case ("DELETE", [var kind, var id]) when _kinds.ContainsKey(kind):
                return Delete(request, kind, id);
            default:
                return null;
        }
    }

    private static string? Text(JsonObject one, string key) => one[key]?.ToString();

    private static bool IsVisible(JsonObject one, SimulatedRequest request) =>
        request.IsAdmin || Text(one, "project_id") == request.Project;

    private static bool IsAsked(JsonObject one, SimulatedRequest request) => request.Query.All(filter => filter.Key switch
    {
        "load_balancer_id" or "loadbalancer_id" => Text(one, Balancer) == filter.Value,
        "pool_id" => Text(one, PoolOf) == filter.Value,
        "limit" => true,
        _ => Text(one, filter.Key) == filter.Value,
    });

    private static JsonArray Ids(IEnumerable<string?> ids) =>
        new([.. ids.OfType<string>().Distinct().Select(id => (JsonNode)new JsonObject { ["id"] = id })]);

    // octavia/common/data_models.py, _name.
    private static string Name(string kind) => kind switch
    {
        "loadbalancers" => "Load Balancer",
        "listeners" => "Listener",
        "pools" => "Pool",
        "healthmonitors" => "Health Monitor",
        _ => "Member",
    };

    private static SimulatedResponse NotFound(string resource, string? id) => Error(404, $"{resource} {id} not found.");

    private static SimulatedResponse Error(int status, string message) => SimulatedResponse.Json(status, new JsonObject
    {
        ["faultcode"] = "Client",
        ["faultstring"] = message,
        ["debuginfo"] = null,
    });

    private JsonObject? Find(string kind, string? id) => _kinds[kind].Find(one => Text(one, "id") == id);

    // The parents and parts of a resource, as octavia/api/v2/types derives them from its database.
    private JsonObject Show(JsonObject one)
    {
        var shown = one.DeepClone().AsObject();
        var id = Text(one, "id");
        shown.Remove(Done);
        shown.Remove(Balancer);
        shown.Remove(PoolOf);
        if (_kinds["pools"].Contains(one))
        {
            shown["listeners"] = Ids(
                _kinds["listeners"].Where(each => Text(each, "default_pool_id") == id).Select(each => Text(each, "id")));
            shown["members"] = Ids(_kinds["members"].Where(each => Text(each, PoolOf) == id).Select(each => Text(each, "id")));
            shown["healthmonitor_id"] = _kinds["healthmonitors"].Find(each => Text(each, PoolOf) == id)?["id"]?.DeepClone();
        }
        else if (_kinds["listeners"].Contains(one))
        {
            shown["pools"] = Ids([Text(one, "default_pool_id")]);
        }
        else if (_kinds["healthmonitors"].Contains(one))
        {
            shown["pools"] = Ids([Text(one, PoolOf)]);
        }
        if (Text(one, Balancer) is { } balancer && !_kinds["healthmonitors"].Contains(one) && !_kinds["members"].Contains(one))
        {
            shown["loadbalancers"] = Ids([balancer]);
        }
        return shown;
    }
}
