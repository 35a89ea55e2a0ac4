using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// The attributes of Neutron's resources (neutron_lib/api/definitions): those that a list can be filtered by, and those that a new resource
/// may have. An unknown filter is 400 where the extension filter-validation is on and is ignored elsewhere, and an empty one is always
/// ignored (neutron/api/api_common.py, get_filters_from_dict). An unknown attribute of a body is 400 (neutron_lib/api/attributes.py).
/// </summary>
internal static class NeutronRules
{
    private static readonly string[] NoFilters = ["limit", "marker", "fields", "sort_key", "sort_dir", "page_reverse"];

    private static readonly string[] Common =
    [
        "id", "name", "description", "project_id", "tenant_id", "status", "tags", "tags-any", "not-tags", "not-tags-any",
        "revision_number",
    ];

    private static readonly Dictionary<string, string[]> Filters = new()
    {
        ["networks"] = ["router:external", "shared", "admin_state_up", "is_default", "mtu"],
        ["subnets"] = ["network_id", "cidr", "ip_version", "enable_dhcp", "gateway_ip", "subnetpool_id", "ipv6_address_mode"],
        ["ports"] = ["network_id", "device_id", "device_owner", "mac_address", "admin_state_up", "fixed_ips", "security_groups"],
        ["routers"] = ["admin_state_up"],
        ["floatingips"] = ["port_id", "floating_network_id", "floating_ip_address", "fixed_ip_address", "router_id"],
        ["security_groups"] = ["shared", "stateful"],
    };

    private static readonly string[] NewCommon = ["name", "description", "project_id", "tenant_id"];

    private static readonly Dictionary<string, string[]> Bodies = new()
    {
        ["port"] = ["network_id", "device_id", "device_owner", "mac_address", "fixed_ips", "admin_state_up", "security_groups",
            "allowed_address_pairs", "port_security_enabled", "binding:host_id", "binding:profile", "binding:vnic_type", "dns_name",
            "dns_domain", "extra_dhcp_opts", "qos_policy_id", "tags", "numa_affinity_policy", "propagate_uplink_status", "hints"],
        ["floatingip"] = ["floating_network_id", "floating_ip_address", "fixed_ip_address", "port_id", "subnet_id", "qos_policy_id",
            "dns_name", "dns_domain", "distributed"],
        ["security_group"] = ["stateful"],
        ["security_group_rule"] = ["security_group_id", "direction", "ethertype", "protocol", "port_range_min", "port_range_max",
            "remote_group_id", "remote_ip_prefix", "remote_address_group_id"],
    };

    /// <summary>Returns the filters of a query that Neutron considers.</summary>
    public static List<KeyValuePair<string, string>> FiltersOf(IEnumerable<KeyValuePair<string, string>> query) =>
        [.. query.Where(one => !NoFilters.Contains(one.Key) && one.Value.Length > 0)];

    /// <summary>Whether the resources of a list have an attribute.</summary>
    public static bool CanFilter(string list, string attribute) => Common.Contains(attribute) || Filters[list].Contains(attribute);

    /// <summary>Returns the response to a new resource with an unknown attribute; <c>null</c> if all are known.</summary>
    public static (int, string)? Reject(string kind, JsonObject wish)
    {
        var unknown = wish.FirstOrDefault(attribute => !NewCommon.Contains(attribute.Key) && !Bodies[kind].Contains(attribute.Key)).Key;
        return unknown is null ? null : Error(400, "HTTPBadRequest", $"Unrecognized attribute(s) '{unknown}'");
    }

    /// <summary>Returns an error as Neutron writes it.</summary>
    public static (int, string) Error(int status, string type, string message) => (status, new JsonObject
    {
        ["NeutronError"] = new JsonObject { ["type"] = type, ["message"] = message, ["detail"] = "" },
    }.ToJsonString());
}
