using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

public sealed partial class SimulatedNeutron
{
    private int _addresses;

    /// <summary>Adds a port with an address of the first subnet of its network.</summary>
    public JsonObject AddPort(string network, string project, string owner, string device, string? id = null)
    {
        var subnet = _kinds["subnets"].Find(one => Text(one, "network_id") == network);
        var port = Add("ports", id ?? _world.NewId("port"), "", project);
        (port["network_id"], port["device_owner"], port["device_id"]) = (network, owner, device);
        port["security_groups"] = new JsonArray();
        var number = ++_addresses;
        port["fixed_ips"] = subnet is null ? new JsonArray() : new JsonArray(new JsonObject
        {
            ["subnet_id"] = Text(subnet, "id"),
            ["ip_address"] = $"10.{number / 65536}.{number / 256 % 256}.{number % 256}",
        });
        return port;
    }

    private SimulatedResponse Create(SimulatedRequest request, string kind)
    {
        var wish = request.Json(Singular(kind));
        var project = request.Project;
        if (kind is "ports" or "subnets" && Find("networks", Text(wish, "network_id")) is null)
        {
            return NotFound($"network {wish["network_id"]}");
        }
        if (kind is "ports" && (wish["security_groups"]?.AsArray() ?? []).FirstOrDefault(
            group => Find("security-groups", (string?)group) is null) is { } unknown)
        {
            return Error(404, "SecurityGroupNotFound", $"Security group {unknown} does not exist");
        }
        if (kind == "subnets" && _kinds["subnets"].Exists(one =>
            Text(one, "network_id") == Text(wish, "network_id") && Text(one, "cidr") == Text(wish, "cidr")))
        {
            return Error(400, "InvalidInput", "Requested subnet overlaps with another subnet");
        }
        if (kind == "floatingips" && Refuse(Text(wish, "port_id"), Text(wish, "floating_network_id")) is { } refusal)
        {
            return refusal;
        }
        var made = kind == "ports"
            ? AddPort(Text(wish, "network_id")!, project, "", "")
            : Add(kind, _world.NewId(kind[..^1]), "", project);
        foreach (var (key, value) in wish)
        {
            made[key] = value?.DeepClone();
        }
        if (kind == "ports")
        {
            made["security_groups"] ??= new JsonArray("default-p1");
        }
        if (kind == "floatingips")
        {
            made["floating_ip_address"] = $"172.24.{++_addresses / 256}.{_addresses % 256}";
            made["port_id"] ??= null;
        }
        if (kind == "security-groups")
        {
            made["security_group_rules"] = new JsonArray(Egress("IPv4"), Egress("IPv6"));
        }
        return SimulatedResponse.Of(201, Singular(kind), made.DeepClone());
    }

    private JsonObject Egress(string type) => new()
    {
        ["id"] = _world.NewId("rule"),
        ["direction"] = "egress",
        ["ethertype"] = type,
        ["protocol"] = null,
    };

    private SimulatedResponse AddRule(SimulatedRequest request)
    {
        var wish = request.Json("security_group_rule");
        _world.Touch(request, Text(wish, "security_group_id"));
        if (Find("security-groups", Text(wish, "security_group_id"), request) is not { } group)
        {
            return Error(404, "SecurityGroupNotFound", "Security group does not exist");
        }
        string[] keys = ["direction", "ethertype", "protocol", "port_range_min", "port_range_max", "remote_group_id", "remote_ip_prefix"];
        var rules = group["security_group_rules"]!.AsArray();
        if (rules.Any(rule => keys.All(key => Text(rule!.AsObject(), key) == Text(wish, key))))
        {
            return Error(409, "SecurityGroupRuleExists", "Security group rule already exists.");
        }
        var added = wish.DeepClone().AsObject();
        added["id"] = _world.NewId("rule");
        rules.Add(added);
        return SimulatedResponse.Of(201, "security_group_rule", added.DeepClone());
    }

    private SimulatedResponse DeleteRule(SimulatedRequest request, string id)
    {
        foreach (var group in _kinds["security-groups"])
        {
            var rules = group["security_group_rules"]!.AsArray();
            if (rules.FirstOrDefault(rule => (string?)rule!["id"] == id) is { } found)
            {
                _world.Touch(request, Text(group, "id"));
                rules.Remove(found);
                return SimulatedResponse.Empty(204);
            }
        }
        return NotFound(id);
    }

    private void DropRulesFrom(string group)
    {
        foreach (var rules in _kinds["security-groups"].Select(one => one["security_group_rules"]!.AsArray()))
        {
            foreach (var rule in rules.Where(one => (string?)one!["remote_group_id"] == group).ToArray())
            {
                rules.Remove(rule);
            }
        }
    }
}
