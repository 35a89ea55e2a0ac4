using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// The listeners, pools, health monitors and members of Octavia's load balancers. As in Octavia, each is created by itself, a listener has
/// at most one default pool, a pool at most one monitor and each address once, and a pool survives its listener
/// (octavia/api/v2/controllers/listener.py, pool.py, health_monitor.py and member.py).
/// </summary>
public sealed class FakeBalancerParts
{
    private int _next;

    public List<JsonObject> Listeners { get; } = [];

    /// <summary>The pools; the members are in the attribute "members" with all that they have.</summary>
    public List<JsonObject> Pools { get; } = [];

    public List<JsonObject> Monitors { get; } = [];

    /// <summary>The members of all pools.</summary>
    public IReadOnlyList<JsonObject> Members => [.. Pools.SelectMany(MembersOf)];

    /// <summary>Removes what belongs to a load balancer that was deleted with cascade.</summary>
    public void Clear(string balancer)
    {
        Listeners.RemoveAll(one => BalancerOf(one) == balancer);
        foreach (var pool in Pools.Where(one => BalancerOf(one) == balancer).ToArray())
        {
            DeletePool((string)pool["id"]!);
        }
    }

    public (int, string) Handle(HttpRequest request, string path, string body, bool allowsFiltering, string project)
    {
        var parts = path.Trim('/').Split('/');
        return (request.Method, parts) switch
        {
            ("GET", ["listeners"]) => List("listeners", Listeners, ShowListener),
            ("GET", ["pools"]) => List("pools", Pools, ShowPool),
            ("GET", ["pools", var pool, "members"]) => Find(Pools, pool) is { } found ? Listed("members", MembersOf(found)) : NotFound,
            ("POST", ["listeners"]) => AddListener(Wish("listener")),
            ("PUT", ["listeners", var id]) => ConnectListener(id, Wish("listener")),
            ("DELETE", ["listeners", var id]) => Listeners.RemoveAll(one => Id(one) == id) > 0 ? (204, "") : Missing("Listener", id),
            ("POST", ["pools"]) => AddPool(Wish("pool")),
            ("DELETE", ["pools", var id]) => DeletePool(id) ? (204, "") : Missing("Pool", id),
            ("POST", ["healthmonitors"]) => AddMonitor(Wish("healthmonitor")),
            ("DELETE", ["healthmonitors", var id]) => Monitors.RemoveAll(one => Id(one) == id) > 0
                ? (204, "") : Missing("Health Monitor", id),
            ("POST", ["pools", var pool, "members"]) => AddMember(pool, Wish("member")),
            ("DELETE", ["pools", var pool, "members", var id]) => DeleteMember(pool, id) ? (204, "") : Missing("Member", id),
            _ => NotFound,
        };

        JsonObject Wish(string kind)
        {
            var wish = JsonNode.Parse(body)![kind]!.DeepClone().AsObject();
            wish["id"] = $"{kind}-{++_next}";
            wish["project_id"] = project;
            return wish;
        }

        (int, string) List(string key, List<JsonObject> all, Func<JsonObject, JsonObject> show)
        {
            var balancer = request.Query["loadbalancer_id"].FirstOrDefault() ?? request.Query["load_balancer_id"].FirstOrDefault();
            return Listed(key, all.Where(one => !allowsFiltering || balancer is null || BalancerOf(one) == balancer).Select(show));
        }
    }

    // octavia/common/exceptions.py, NotFound
    private static (int, string) Missing(string kind, string id)
    {
        var fault = new JsonObject { ["faultcode"] = "Client", ["faultstring"] = $"{kind} {id} not found.", ["debuginfo"] = null };
        return (404, fault.ToJsonString());
    }

    private static (int, string) NotFound => (404, """{"faultcode":"Client","faultstring":"Not Found","debuginfo":null}""");

    private static string Id(JsonObject one) => (string)one["id"]!;

    private static string? BalancerOf(JsonObject one) => (string?)one["loadbalancer_id"];

    private static JsonObject? Find(List<JsonObject> all, string? id) => all.Find(one => Id(one) == id);

    private static IEnumerable<JsonObject> MembersOf(JsonObject pool) => pool["members"]!.AsArray().Select(one => one!.AsObject());

    private static JsonArray Ids(params IEnumerable<string?> ids) =>
        [.. ids.OfType<string>().Select(id => new JsonObject { ["id"] = id })];

    private static (int, string) Conflict(string message) =>
        (409, new JsonObject { ["faultcode"] = "Client", ["faultstring"] = message, ["debuginfo"] = null }.ToJsonString());

    private static (int, string) Listed(string key, IEnumerable<JsonObject> all) =>
        (200, new JsonObject { [key] = new JsonArray([.. all.Select(one => one.DeepClone())]) }.ToJsonString());

    private static (int, string) Added(string key, JsonObject one) => (201, new JsonObject { [key] = one.DeepClone() }.ToJsonString());

    private static JsonObject ShowListener(JsonObject listener)
    {
        var shown = listener.DeepClone().AsObject();
        shown.Remove("loadbalancer_id");
        shown["loadbalancers"] = Ids(BalancerOf(listener));
        return shown;
    }

    private JsonObject ShowPool(JsonObject pool)
    {
        var shown = pool.DeepClone().AsObject();
        shown.Remove("loadbalancer_id");
        shown["loadbalancers"] = Ids(BalancerOf(pool));
        shown["members"] = Ids(MembersOf(pool).Select(Id));
        shown["listeners"] = Ids(Listeners.Where(one => (string?)one["default_pool_id"] == Id(pool)).Select(Id));
        shown["healthmonitor_id"] = (string?)Monitors.Find(one => (string?)one["pool_id"] == Id(pool))?["id"];
        return shown;
    }

    private (int, string) AddListener(JsonObject wish)
    {
        var port = (int)wish["protocol_port"]!;
        if (Listeners.Exists(one => BalancerOf(one) == BalancerOf(wish) && (int)one["protocol_port"]! == port))
        {
            return Conflict($"Another Listener on this Load Balancer is already using protocol_port {port}");
        }
        Listeners.Add(wish);
        return Added("listener", ShowListener(wish));
    }

    private (int, string) ConnectListener(string id, JsonObject change)
    {
        if (Find(Listeners, id) is not { } listener)
        {
            return NotFound;
        }
        listener["default_pool_id"] = (string?)change["default_pool_id"];
        return (200, new JsonObject { ["listener"] = ShowListener(listener) }.ToJsonString());
    }

    private (int, string) AddPool(JsonObject wish)
    {
        if (Find(Listeners, (string?)wish["listener_id"]) is { } listener)
        {
            if (listener["default_pool_id"] is not null)
            {
                return Conflict("The listener already has a default pool.");
            }
            listener["default_pool_id"] = Id(wish);
            wish["loadbalancer_id"] = BalancerOf(listener);
        }
        wish.Remove("listener_id");
        wish["members"] = new JsonArray();
        Pools.Add(wish);
        return Added("pool", ShowPool(wish));
    }

    private bool DeletePool(string id)
    {
        Monitors.RemoveAll(one => (string?)one["pool_id"] == id);
        foreach (var listener in Listeners.Where(one => (string?)one["default_pool_id"] == id))
        {
            listener["default_pool_id"] = null;
        }
        return Pools.RemoveAll(one => Id(one) == id) > 0;
    }

    private (int, string) AddMonitor(JsonObject wish)
    {
        if (Find(Pools, (string?)wish["pool_id"]) is null)
        {
            return NotFound;
        }
        if (Monitors.Exists(one => (string?)one["pool_id"] == (string?)wish["pool_id"]))
        {
            return Conflict("This pool already has a health monitor");
        }
        Monitors.Add(wish);
        return Added("healthmonitor", wish);
    }

    private (int, string) AddMember(string pool, JsonObject wish)
    {
        if (Find(Pools, pool) is not { } found)
        {
            return NotFound;
        }
        var (address, port) = ((string?)wish["address"], (int?)wish["protocol_port"]);
        if (MembersOf(found).Any(one => (string?)one["address"] == address && (int?)one["protocol_port"] == port))
        {
            return Conflict($"Another member on this pool is already using ip {address} on protocol_port {port}");
        }
        found["members"]!.AsArray().Add(wish);
        return Added("member", wish);
    }

    private bool DeleteMember(string pool, string id)
    {
        var members = Find(Pools, pool)?["members"]?.AsArray();
        var member = members?.FirstOrDefault(one => (string?)one!["id"] == id);
        return member is not null && members!.Remove(member);
    }
}
