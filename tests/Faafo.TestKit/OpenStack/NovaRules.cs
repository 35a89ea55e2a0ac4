using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// What Nova accepts at a microversion: the filters of GET /servers/detail (nova/api/openstack/compute/servers.py,
/// _get_server_search_options, and schemas/servers.py, index_query) and the properties of a new server (schemas/servers.py, create).
/// </summary>
internal static class NovaRules
{
    private static readonly string[] Paging = ["limit", "marker", "sort_key", "sort_dir"];

    // What the query schema knows at every microversion. Another key is ignored up to 2.74 and 400 from 2.75 on.
    private static readonly string[] Schema =
    [
        "user_id", "project_id", "tenant_id", "launch_index", "image_ref", "image", "kernel_id", "ramdisk_id", "hostname", "key_name",
        "power_state", "vm_state", "task_state", "host", "node", "flavor", "reservation_id", "launched_at", "terminated_at",
        "availability_zone", "name", "display_name", "description", "locked_by", "uuid", "root_device_name", "config_drive", "access_ip_v4",
        "access_ip_v6", "auto_disk_config", "progress", "ip", "changes-since", "all_tenants", "status", "ip6", "deleted", "created_at",
        "tags", "tags-any", "not-tags", "not-tags-any", "changes-before", "locked", .. Paging,
    ];

    private static readonly (string Since, string[] Filters)[] ForUsers =
    [
        ("2.1", ["reservation_id", "name", "status", "image", "flavor", "ip", "changes-since", "all_tenants"]),
        ("2.5", ["ip6"]),
        ("2.26", ["tags", "tags-any", "not-tags", "not-tags-any"]),
        ("2.66", ["changes-before"]),
        ("2.73", ["locked"]),
        ("2.83", ["availability_zone", "config_drive", "key_name", "created_at", "launched_at", "terminated_at", "power_state",
            "task_state", "vm_state", "progress", "user_id"]),
        ("2.90", ["hostname"]),
    ];

    private static readonly (string Since, string[] Properties)[] OfNewServer =
    [
        ("2.1", ["name", "imageRef", "flavorRef", "adminPass", "metadata", "networks", "OS-DCF:diskConfig", "accessIPv4", "accessIPv6",
            "personality", "availability_zone", "block_device_mapping", "block_device_mapping_v2", "config_drive", "key_name", "min_count",
            "max_count", "return_reservation_id", "security_groups", "user_data"]),
        ("2.19", ["description"]),
        ("2.52", ["tags"]),
        ("2.63", ["trusted_image_certificates"]),
        ("2.74", ["host", "hypervisor_hostname"]),
        ("2.90", ["hostname"]),
    ];

    /// <summary>Whether Nova applies a filter; it ignores the others.</summary>
    public static bool Applies(string filter, Version microversion, bool isAdmin) =>
        isAdmin || Known(ForUsers, microversion).Contains(filter);

    /// <summary>Returns the first key of a query that Nova rejects; <c>null</c> for none.</summary>
    public static string? FindUnexpected(IQueryCollection query, Version microversion) =>
        microversion < new Version(2, 75) ? null : query.Keys.FirstOrDefault(key => !Schema.Contains(key));

    /// <summary>Returns why Nova rejects a new server; <c>null</c> if it accepts it.</summary>
    public static string? Reject(JsonObject server, Version microversion)
    {
        var known = Known(OfNewServer, microversion).ToList();
        if (microversion >= new Version(2, 57))
        {
            known.Remove("personality");
        }
        if (server.FirstOrDefault(property => !known.Contains(property.Key)).Key is { } unexpected)
        {
            return $"Additional properties are not allowed ('{unexpected}' was unexpected)";
        }
        if (microversion < new Version(2, 37))
        {
            return server["networks"] is JsonValue networks
                ? $"Invalid input for field/attribute networks. Value: {networks}. '{networks}' is not of type 'array'"
                : null;
        }
        return server.ContainsKey("networks") ? null : "Invalid input for field/attribute server. 'networks' is a required property";
    }

    private static IEnumerable<string> Known((string Since, string[] Names)[] table, Version microversion) =>
        table.Where(row => Version.Parse(row.Since) <= microversion).SelectMany(row => row.Names);
}
