using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// Octavia: a load balancer is immutable (409) while it changes, and what it has is unique (octavia/common/exceptions.py: one listener for
/// a port, one default pool for a listener, one health monitor for a pool, one member for an address and port).
/// </summary>
public sealed class SimulatedOctavia(SimulatedWorld world)
{
    private const string Done = "done-at";
    private static readonly TimeSpan Creation = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Change = TimeSpan.FromSeconds(2);
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
            ["provisioning_status"] = "ACTIVE",
            ["operating_status"] = "ONLINE",
            ["vip_port_id"] = $"vip-{id}",
            ["vip_subnet_id"] = subnet,
            ["vip_network_id"] = network,
            ["vip_address"] = (string?)port["fixed_ips"]![0]!["ip_address"],
        };
        _kinds["loadbalancers"].Add(balancer);
        return balancer;
    }

    /// <summary>Ends what is done by now.</summary>
    public void Step()
    {
        var now = world.Clock.Now.UtcTicks;
        foreach (var one in _kinds["loadbalancers"].Where(one => one[Done] is not null && (long)one[Done]! <= now).ToArray())
        {
            one.Remove(Done);
            if ((string?)one["provisioning_status"] == "PENDING_DELETE")
            {
                Remove(one);
            }
            one["provisioning_status"] = "ACTIVE";
        }
    }

    public SimulatedResponse? Handle(SimulatedRequest request)
    {
        switch (request.Method, request.Segments)
        {
            case ("GET", ["pools", var pool, "members"]):
                return SimulatedResponse.List("members", _kinds["members"].Where(one => Text(one, "pool") == pool).Select(Show));
            case ("POST", ["pools", var pool, "members"]):
                return Create(request, "members", pool);
            case ("PUT", ["pools", _, "members", var id]):
                return Update(request, "members", id);
            case ("PUT", [var kind, var id]) when _kinds.ContainsKey(kind):
                return Update(request, kind, id);
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
                    ? SimulatedResponse.Of(200, kind[..^1], Show(one)) : NotFound(id);
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
        "load_balancer_id" or "loadbalancer_id" => Text(one, "balancer") == filter.Value,
        "pool_id" => Text(one, "pool") == filter.Value,
        "limit" => true,
        _ => Text(one, filter.Key) == filter.Value,
    });

    private static JsonObject Show(JsonObject one)
    {
        var shown = one.DeepClone().AsObject();
        shown.Remove(Done);
        return shown;
    }

    private static SimulatedResponse NotFound(string? id) => Error(404, $"{id} not found.");

    private static SimulatedResponse Error(int status, string message) => SimulatedResponse.Json(status, new JsonObject
    {
        ["faultcode"] = "Client",
        ["faultstring"] = message,
        ["debuginfo"] = null,
    });

    private JsonObject? Find(string kind, string? id) => _kinds[kind].Find(one => Text(one, "id") == id);

    private SimulatedResponse CreateBalancer(SimulatedRequest request)
    {
        var wish = request.Json("loadbalancer");
        var subnet = Text(wish, "vip_subnet_id");
        if (!world.Neutron.Of("subnets").Exists(one => Text(one, "id") == subnet))
        {
            return Error(400, $"Subnet {subnet} not found.");
        }
        var made = Add(world.NewId("balancer"), Text(wish, "name") ?? "", request.Project, Text(wish, "description") ?? "", subnet!);
        (made["provisioning_status"], made[Done]) = ("PENDING_CREATE", (world.Clock.Now + Creation).UtcTicks);
        return SimulatedResponse.Of(201, "loadbalancer", Show(made));
    }

    private SimulatedResponse Create(SimulatedRequest request, string kind, string? pool)
    {
        var wish = request.Json(kind[..^1]);
        pool ??= Text(wish, "pool_id");
        var listener = Text(wish, "listener_id");
        var balancerId = Text(wish, "loadbalancer_id") ?? Text(Find("pools", pool) ?? Find("listeners", listener) ?? [], "balancer");
        world.Touch(request, balancerId);
        if (Find("loadbalancers", balancerId) is not { } balancer)
        {
            return NotFound(balancerId);
        }
        if (Text(balancer, "provisioning_status") != "ACTIVE")
        {
            return Error(409, $"Load Balancer {balancerId} is immutable and cannot be updated.");
        }
        var isDuplicate = kind switch
        {
            "listeners" => _kinds[kind].Exists(one =>
                Text(one, "balancer") == balancerId && Text(one, "protocol_port") == Text(wish, "protocol_port")),
            "pools" => listener is not null && _kinds[kind].Exists(one => Text(one, "listener_id") == listener),
            "healthmonitors" => _kinds[kind].Exists(one => Text(one, "pool") == pool),
            _ => _kinds[kind].Exists(one => Text(one, "pool") == pool && Text(one, "address") == Text(wish, "address")
                && Text(one, "protocol_port") == Text(wish, "protocol_port")),
        };
        if (isDuplicate)
        {
            return Error(409, "It has one already.");
        }
        var made = wish.DeepClone().AsObject();
        (made["id"], made["project_id"], made["balancer"], made["pool"]) = (world.NewId(kind[..^1]), request.Project, balancerId, pool);
        (made["provisioning_status"], made["operating_status"]) = ("ACTIVE", "ONLINE");
        (made["loadbalancers"], made["listeners"], made["pools"]) = (Ids(balancerId), Ids(listener), Ids(pool));
        _kinds[kind].Add(made);
        (balancer["provisioning_status"], balancer[Done]) = ("PENDING_UPDATE", (world.Clock.Now + Change).UtcTicks);
        return SimulatedResponse.Of(201, kind[..^1], Show(made));
    }

    // octavia/api/v2/controllers: an update, too, needs a balancer that does not change.
    private SimulatedResponse Update(SimulatedRequest request, string kind, string id)
    {
        if (Find(kind, id) is not { } one || !IsVisible(one, request))
        {
            return NotFound(id);
        }
        world.Touch(request, id);
        var balancer = kind == "loadbalancers" ? one : Find("loadbalancers", Text(one, "balancer"))!;
        if (Text(balancer, "provisioning_status") != "ACTIVE")
        {
            return Error(409, $"Load Balancer {balancer["id"]} is immutable and cannot be updated.");
        }
        foreach (var (name, value) in request.Json(kind[..^1]))
        {
            one[name] = value?.DeepClone();
        }
        if (Text(one, "default_pool_id") is { } pool)
        {
            one["pools"] = Ids(pool);
            if (Find("pools", pool) is { } taken)
            {
                (taken["listeners"], taken["listener_id"]) = (Ids(id), id);
            }
        }
        (balancer["provisioning_status"], balancer[Done]) = ("PENDING_UPDATE", (world.Clock.Now + Change).UtcTicks);
        return SimulatedResponse.Of(200, kind[..^1], Show(one));
    }

    private static JsonArray Ids(string? id) => id is null ? [] : [new JsonObject { ["id"] = id }];

    private SimulatedResponse Delete(SimulatedRequest request, string kind, string id)
    {
        if (Find(kind, id) is not { } one || !IsVisible(one, request))
        {
            return NotFound(id);
        }
        world.Touch(request, id);
        var balancer = kind == "loadbalancers" ? one : Find("loadbalancers", Text(one, "balancer"))!;
        if (Text(balancer, "provisioning_status") is not ("ACTIVE" or "ERROR"))
        {
            return Error(409, $"Load Balancer {balancer["id"]} is immutable and cannot be updated.");
        }
        if (kind != "loadbalancers")
        {
            _kinds[kind].Remove(one);
        }
        else if (!request.Query.ContainsKey("cascade") && _kinds["listeners"].Exists(child => Text(child, "balancer") == id))
        {
            return Error(400, $"Cannot delete Load Balancer {id} - it has children");
        }
        (balancer["provisioning_status"], balancer[Done]) =
            (kind == "loadbalancers" ? "PENDING_DELETE" : "PENDING_UPDATE", (world.Clock.Now + Change).UtcTicks);
        return SimulatedResponse.Empty(204);
    }

    private void Remove(JsonObject balancer)
    {
        foreach (var kind in Children)
        {
            _kinds[kind].RemoveAll(child => Text(child, "balancer") == Text(balancer, "id"));
        }
        var port = Text(balancer, "vip_port_id");
        world.Neutron.Disassociate(port!);
        world.Neutron.Of("ports").RemoveAll(one => Text(one, "id") == port);
        _kinds["loadbalancers"].Remove(balancer);
    }
}
