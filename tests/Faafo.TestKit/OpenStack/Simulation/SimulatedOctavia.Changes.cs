using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

public sealed partial class SimulatedOctavia
{
    private static readonly TimeSpan Creation = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Change = TimeSpan.FromSeconds(2);

    /// <summary>Ends what is done by now.</summary>
    public void Step()
    {
        var now = world.Clock.Now.UtcTicks;
        foreach (var balancer in _kinds["loadbalancers"].Where(one => one[Done] is not null && (long)one[Done]! <= now).ToArray())
        {
            balancer.Remove(Done);
            if (Text(balancer, Status) == "PENDING_DELETE")
            {
                Remove(balancer);
                continue;
            }
            balancer[Status] = "ACTIVE";
            foreach (var kind in Children)
            {
                foreach (var part in _kinds[kind].Where(one => Text(one, Balancer) == Text(balancer, "id")).ToArray())
                {
                    Settle(kind, part);
                }
            }
        }
    }

    private SimulatedResponse CreateBalancer(SimulatedRequest request)
    {
        var wish = request.Json("loadbalancer");
        var subnet = Text(wish, "vip_subnet_id");
        if (!world.Neutron.Of("subnets").Exists(one => Text(one, "id") == subnet))
        {
            return Error(400, $"Subnet {subnet} not found.");
        }
        var made = Add(world.NewId("balancer"), Text(wish, "name") ?? "", request.Project, Text(wish, "description") ?? "", subnet!);
        (made[Status], made[Done]) = ("PENDING_CREATE", (world.Clock.Now + Creation).UtcTicks);
        return SimulatedResponse.Of(201, "loadbalancer", Show(made));
    }

    private SimulatedResponse Create(SimulatedRequest request, string kind, string? poolId)
    {
        var wish = request.Json(kind[..^1]);
        poolId ??= Text(wish, "pool_id");
        var pool = Find("pools", poolId);
        if (kind is "healthmonitors" or "members" && pool is null)
        {
            return NotFound("Pool", poolId);
        }
        var listener = Find("listeners", Text(wish, "listener_id"));
        var balancerId = Text(wish, "loadbalancer_id") ?? Text(pool ?? listener ?? [], Balancer);
        world.Touch(request, balancerId);
        if (Find("loadbalancers", balancerId) is not { } balancer || !IsVisible(balancer, request))
        {
            return NotFound("Load Balancer", balancerId);
        }
        if (kind == "pools" && listener is not null && Text(listener, "default_pool_id") is not null)
        {
            return Error(409, "This listener already has a default pool");
        }
        if (Text(wish, "default_pool_id") is { } wanted && Text(Find("pools", wanted) ?? [], Balancer) != balancerId)
        {
            return NotFound("Pool", wanted);
        }
        if (Immutable(kind, balancer, pool) is { } refusal)
        {
            return refusal;
        }
        if (Duplicate(kind, wish, balancerId, poolId) is { } duplicate)
        {
            return Error(409, duplicate);
        }
        var made = wish.DeepClone().AsObject();
        made.Remove("loadbalancer_id");
        made.Remove("listener_id");
        made.Remove("pool_id");
        (made["id"], made["project_id"], made[Balancer], made[PoolOf]) =
            (world.NewId(kind[..^1]), Text(balancer, "project_id"), balancerId, poolId);
        made["operating_status"] = "ONLINE";
        _kinds[kind].Add(made);
        if (kind == "pools" && listener is not null)
        {
            listener["default_pool_id"] = Text(made, "id");
        }
        Begin(balancer, pool, kind == "pools" ? made : pool);
        made[Status] = "PENDING_CREATE";
        return SimulatedResponse.Of(201, kind[..^1], Show(made));
    }

    private string? Duplicate(string kind, JsonObject wish, string? balancer, string? pool)
    {
        var port = Text(wish, "protocol_port");
        return kind switch
        {
            "listeners" => _kinds[kind].Find(one => Text(one, Balancer) == balancer && Text(one, "protocol_port") == port) is { } other
                ? $"Another Listener on this Load Balancer is already using protocol {other["protocol"]} and protocol_port {port}" : null,
            "healthmonitors" => _kinds[kind].Exists(one => Text(one, PoolOf) == pool)
                ? "This pool already has a health monitor" : null,
            "members" => _kinds[kind].Exists(one => Text(one, PoolOf) == pool && Text(one, "address") == Text(wish, "address")
                && Text(one, "protocol_port") == port)
                ? $"Another member on this pool is already using ip {wish["address"]} on protocol_port {port}" : null,
            _ => null,
        };
    }

    private SimulatedResponse Update(SimulatedRequest request, string kind, string id)
    {
        if (Find(kind, id) is not { } one || !IsVisible(one, request))
        {
            return NotFound(Name(kind), id);
        }
        world.Touch(request, id);
        var balancer = kind == "loadbalancers" ? one : Find("loadbalancers", Text(one, Balancer))!;
        var wish = request.Json(kind[..^1]);
        if (Text(wish, "default_pool_id") is { } wanted && Text(Find("pools", wanted) ?? [], Balancer) != Text(balancer, "id"))
        {
            return NotFound("Pool", wanted);
        }
        var pool = kind == "pools" ? one : Find("pools", Text(one, PoolOf));
        if (Immutable(kind, balancer, pool) is { } refusal)
        {
            return refusal;
        }
        foreach (var (name, value) in wish)
        {
            one[name] = value?.DeepClone();
        }
        Begin(balancer, pool, pool);
        one[Status] = "PENDING_UPDATE";
        return SimulatedResponse.Of(200, kind[..^1], Show(one));
    }

    private SimulatedResponse Delete(SimulatedRequest request, string kind, string id)
    {
        if (Find(kind, id) is not { } one || !IsVisible(one, request))
        {
            return NotFound(Name(kind), id);
        }
        world.Touch(request, id);
        var balancer = kind == "loadbalancers" ? one : Find("loadbalancers", Text(one, Balancer))!;
        var hasParts = _kinds["listeners"].Concat(_kinds["pools"]).Any(part => Text(part, Balancer) == id);
        if (kind == "loadbalancers" && request.Query.GetValueOrDefault("cascade") != "true" && hasParts)
        {
            return Error(400, $"Validation failure: Cannot delete Load Balancer {id} - it has children");
        }
        var pool = kind == "pools" ? one : Find("pools", Text(one, PoolOf));
        if (Immutable(kind, balancer, pool, isDeletion: true) is { } refusal)
        {
            return refusal;
        }
        Begin(balancer, pool, pool);
        one[Status] = "PENDING_DELETE";
        return SimulatedResponse.Empty(204);
    }

    // Health monitors and members ask their pool first (_test_lb_and_listener_and_pool_statuses).
    private static SimulatedResponse? Immutable(string kind, JsonObject balancer, JsonObject? pool, bool isDeletion = false)
    {
        if (kind is "healthmonitors" or "members" && Text(pool!, Status) != "ACTIVE")
        {
            return Error(409, $"Pool {pool!["id"]} is immutable and cannot be updated.");
        }
        var status = Text(balancer, Status);
        if (status == "ACTIVE" || (status == "ERROR" && isDeletion && kind == "loadbalancers"))
        {
            return null;
        }
        return Error(409, kind == "loadbalancers"
            ? $"Invalid state {status} of loadbalancer resource {balancer["id"]}"
            : $"Load Balancer {balancer["id"]} is immutable and cannot be updated.");
    }

    // Locks the balancer, the pool, and the listeners of the pool.
    private void Begin(JsonObject balancer, JsonObject? locked, JsonObject? listened)
    {
        (balancer[Status], balancer[Done]) = ("PENDING_UPDATE", (world.Clock.Now + Change).UtcTicks);
        if (locked is not null)
        {
            locked[Status] = "PENDING_UPDATE";
        }
        foreach (var listener in _kinds["listeners"]
            .Where(one => listened is not null && Text(one, "default_pool_id") == Text(listened, "id")))
        {
            listener[Status] = "PENDING_UPDATE";
        }
    }

    // A pool takes its members and its health monitor along; a listener leaves its pool behind.
    private void Settle(string kind, JsonObject part)
    {
        if (Text(part, Status) != "PENDING_DELETE")
        {
            part[Status] = "ACTIVE";
            return;
        }
        _kinds[kind].Remove(part);
        if (kind == "pools")
        {
            var id = Text(part, "id");
            _kinds["members"].RemoveAll(one => Text(one, PoolOf) == id);
            _kinds["healthmonitors"].RemoveAll(one => Text(one, PoolOf) == id);
            _kinds["listeners"].FindAll(one => Text(one, "default_pool_id") == id).ForEach(one => one["default_pool_id"] = null);
        }
    }

    private void Remove(JsonObject balancer)
    {
        foreach (var kind in Children)
        {
            _kinds[kind].RemoveAll(child => Text(child, Balancer) == Text(balancer, "id"));
        }
        var port = Text(balancer, "vip_port_id");
        world.Neutron.Disassociate(port!);
        world.Neutron.Of("ports").RemoveAll(one => Text(one, "id") == port);
        _kinds["loadbalancers"].Remove(balancer);
    }
}
