using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

public sealed partial class SimulatedNeutron
{
    /// <summary>Plugs a new server into its ports, or makes one; returns why Nova refuses, and null if it does not.</summary>
    internal (int Status, string Message)? Plug(SimulatedRequest request, string server, JsonObject wish)
    {
        foreach (var wanted in wish["networks"] as JsonArray ?? [])
        {
            if ((string?)wanted!["port"] is { } id)
            {
                if (Find("ports", id, request) is not { } port)
                {
                    return (400, $"Port id {id} could not be found.");
                }
                _world.Touch(request, id);
                if (Text(port, "device_id") is { Length: > 0 })
                {
                    return (409, $"Port {id} is still in use.");
                }
                (port["device_id"], port["device_owner"]) = (server, "compute:nova");
                continue;
            }
            if ((string?)wanted["uuid"] is not { } network || Find("networks", network) is null)
            {
                return (400, "Network could not be found.");
            }
            var groups = (wish["security_groups"] as JsonArray ?? []).Select(group => (string)group!["name"]!).ToArray();
            if (groups.FirstOrDefault(group => Find("security-groups", group, request) is null) is { } unknown)
            {
                return (400, $"Security group {unknown} not found for project {request.Project}.");
            }
            AddPort(network, request.Project, "compute:nova", server)["security_groups"] =
                new JsonArray([.. groups.Select(group => (JsonNode)group)]);
        }
        return null;
    }

    /// <summary>Removes the ports that Nova made for a server, and unbinds the others: those have a name.</summary>
    internal void Unplug(string server)
    {
        foreach (var port in _kinds["ports"].Where(one => Text(one, "device_id") == server).ToArray())
        {
            if (Text(port, "name") is { Length: > 0 })
            {
                (port["device_id"], port["device_owner"]) = ("", "");
                continue;
            }
            Disassociate(Text(port, "id")!);
            _kinds["ports"].Remove(port);
        }
    }

    internal void Disassociate(string port)
    {
        foreach (var address in _kinds["floatingips"].Where(one => Text(one, "port_id") == port))
        {
            address["port_id"] = null;
            address["status"] = "DOWN";
            address["revision_number"] = (int)address["revision_number"]! + 1;
        }
    }

    private static string? SubnetOf(JsonObject port) =>
        port["fixed_ips"] is JsonArray { Count: > 0 } ips ? (string?)ips[0]!["subnet_id"] : null;

    private SimulatedResponse Move(SimulatedRequest request, JsonObject address)
    {
        var revision = (int)address["revision_number"]!;
        if (request.Headers.TryGetValue("If-Match", out var match) && match != $"revision_number={revision}")
        {
            return Error(412, "RevisionNumberConstraintFailed", "Constrained to another revision");
        }
        var port = Text(request.Json("floatingip"), "port_id");
        if (Refuse(port, Text(address, "floating_network_id"), Text(address, "id")) is { } refusal)
        {
            return refusal;
        }
        (address["port_id"], address["status"], address["revision_number"]) = (port, port is null ? "DOWN" : "ACTIVE", revision + 1);
        return SimulatedResponse.Of(200, "floatingip", address.DeepClone());
    }

    private SimulatedResponse? Refuse(string? port, string? external, string? address = null)
    {
        if (port is null)
        {
            return null;
        }
        if (Find("ports", port) is not { } found)
        {
            return NotFound($"port {port}");
        }
        if (_kinds["floatingips"].Exists(one => Text(one, "port_id") == port && Text(one, "id") != address))
        {
            return Error(409, "FloatingIPPortAlreadyAssociated", "Cannot associate floating IP: the port has one already");
        }
        var isRouted = _kinds["ports"].Where(one => Text(one, "device_owner") == Interface && SubnetOf(one) == SubnetOf(found))
            .Any(one => (string?)Find("routers", Text(one, "device_id"))?["external_gateway_info"]?["network_id"] == external);
        return isRouted ? null : Error(404, "ExternalGatewayForFloatingIPNotFound", "External network is not reachable from the subnet");
    }

    private SimulatedResponse Attach(SimulatedRequest request, JsonObject router)
    {
        var id = (string?)JsonNode.Parse(request.Body)!["subnet_id"];
        _world.Touch(request, id);
        if (Find("subnets", id, request) is not { } subnet)
        {
            return NotFound($"subnet {id}");
        }
        var routerId = Text(router, "id")!;
        if (_kinds["ports"].Exists(port => Text(port, "device_id") == routerId && SubnetOf(port) == id))
        {
            return Error(400, "BadRequest", $"Bad router request: Router already has a port on subnet {id}.");
        }
        if (_kinds["ports"].Exists(port => Text(port, "device_owner") == Interface && SubnetOf(port) == id))
        {
            return Error(409, "IpAddressInUse", $"Unable to complete operation for network {subnet["network_id"]}: the gateway is in use.");
        }
        AddPort(Text(subnet, "network_id")!, request.Project, Interface, routerId);
        return SimulatedResponse.Json(200, new JsonObject { ["id"] = routerId, ["subnet_id"] = id });
    }

    private SimulatedResponse Detach(SimulatedRequest request, JsonObject router)
    {
        var id = (string?)JsonNode.Parse(request.Body)!["subnet_id"];
        var routerId = Text(router, "id");
        if (_kinds["ports"].Find(one => Text(one, "device_id") == routerId && SubnetOf(one) == id) is not { } port)
        {
            return Error(404, "RouterInterfaceNotFoundForSubnet", $"Router {routerId} has no interface on subnet {id}");
        }
        var hasAddress = _kinds["ports"].Where(one => SubnetOf(one) == id).Any(one => _kinds["floatingips"].Exists(
            address => Text(address, "port_id") is { } used && used == Text(one, "id")));
        if (hasAddress)
        {
            return Error(
                409, "RouterInterfaceInUseByFloatingIP", $"Router interface for subnet {id} is required by one or more floating IPs.");
        }
        _kinds["ports"].Remove(port);
        return SimulatedResponse.Json(200, new JsonObject { ["id"] = routerId, ["subnet_id"] = id });
    }
}
