using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// The networks, subnets and routers of Neutron: a router connects a subnet through a port of its own, and neither can be deleted while
/// that port exists (neutron/db/l3_db.py, RouterInUse; db_base_plugin_v2.py, SubnetInUse).
/// </summary>
/// <param name="cloud">The network.</param>
internal sealed class FakeRouting(FakeNetwork cloud)
{
    private const string Owner = "network:router_interface";

    /// <summary>Creates a network, subnet or router, or changes a router.</summary>
    public (int, string) Handle(string[] path, string body, string project)
    {
        var wish = JsonNode.Parse(body)!.AsObject();
        return path switch
        {
            ["networks"] => Add(cloud.Networks, "network", wish, project),
            ["subnets"] => Add(cloud.Subnets, "subnet", wish, project),
            ["routers"] => Add(cloud.Routers, "router", wish, project),
            ["routers", var id] => Change(id, wish["router"]!.AsObject()),
            ["routers", var id, "add_router_interface"] => Connect(id, (string)wish["subnet_id"]!, project),
            ["routers", var id, "remove_router_interface"] => Disconnect(id, (string)wish["subnet_id"]!),
            _ => NotFound,
        };
    }

    /// <summary>The refusal to delete a router or subnet that a router's port uses; null if it may be deleted.</summary>
    public (int, string)? InUse(string id) => cloud.Ports.Exists(port => (string?)port["device_owner"] == Owner
        && ((string?)port["device_id"] == id || (string?)port["fixed_ips"]![0]!["subnet_id"] == id))
            ? NeutronRules.Error(409, "InUse", $"{id} still has ports") : null;

    private static (int, string) NotFound => NeutronRules.Error(404, "NotFound", "not found");

    private static (int, string) Add(List<JsonObject> all, string kind, JsonObject wish, string project)
    {
        var one = wish[kind]!.DeepClone().AsObject();
        one["id"] = $"{kind}-{Guid.NewGuid():N}";
        one["project_id"] = project;
        one["status"] = "ACTIVE";
        all.Add(one);
        return (201, new JsonObject { [kind] = one.DeepClone() }.ToJsonString());
    }

    private (int, string) Change(string id, JsonObject change)
    {
        if (cloud.Routers.Find(one => (string?)one["id"] == id) is not { } router)
        {
            return NotFound;
        }
        foreach (var (key, value) in change)
        {
            router[key] = value?.DeepClone();
        }
        return (200, new JsonObject { ["router"] = router.DeepClone() }.ToJsonString());
    }

    private (int, string) Connect(string router, string subnetId, string project)
    {
        var subnet = cloud.Subnets.Find(one => (string?)one["id"] == subnetId);
        if (subnet is null || !cloud.Routers.Exists(one => (string?)one["id"] == router))
        {
            return NotFound;
        }
        if (cloud.Ports.Exists(port => (string?)port["device_id"] == router && (string?)port["fixed_ips"]![0]!["subnet_id"] == subnetId))
        {
            return NeutronRules.Error(400, "BadRequest", $"Router already has a port on subnet {subnetId}");
        }
        cloud.Ports.Add(new JsonObject
        {
            ["id"] = $"interface-{Guid.NewGuid():N}",
            ["name"] = "",
            ["description"] = "",
            ["network_id"] = (string?)subnet["network_id"],
            ["device_id"] = router,
            ["device_owner"] = Owner,
            ["project_id"] = project,
            ["status"] = "ACTIVE",
            ["fixed_ips"] = new JsonArray(new JsonObject { ["subnet_id"] = subnetId, ["ip_address"] = "10.255.0.1" }),
        });
        return (200, new JsonObject { ["subnet_id"] = subnetId }.ToJsonString());
    }

    private (int, string) Disconnect(string router, string subnetId) => cloud.Ports.RemoveAll(port =>
        (string?)port["device_id"] == router && (string?)port["fixed_ips"]![0]!["subnet_id"] == subnetId) > 0
            ? (200, "{}") : NotFound;
}
