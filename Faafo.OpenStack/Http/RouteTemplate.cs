using System.Collections.Frozen;

namespace Faafo.OpenStack;

/// <summary>
/// Replaces what varies in a path, such as ids and names, so that spans and measurements of one operation have one name:
/// <c>/compute/v2.1/servers/{id}/action</c>.
/// </summary>
internal static class RouteTemplate
{
    private const string Placeholder = "{id}";

    // Segments that are part of an operation. Others, and therefore also all names and ids, are replaced: a word that is missing here makes
    // a template less telling, but never adds one for each resource.
    private static readonly FrozenSet<string> Words = new[]
    {
        // Keystone
        "auth", "tokens", "users", "application_credentials", "access_rules", "projects", "domains", "catalog", "limits",
        // Nova
        "servers", "detail", "action", "metadata", "tags", "flavors", "os-keypairs", "os-server-groups", "os-volume_attachments",
        "os-interface", "os-availability-zone", "os-quota-sets", "os-instance-actions", "os-hypervisors", "os-aggregates", "os-services",
        "os-simple-tenant-usage", "os-extra_specs", "remote-consoles", "diagnostics", "topology",
        // Neutron
        "networks", "subnets", "subnetpools", "ports", "routers", "floatingips", "security-groups", "security-group-rules", "quotas",
        "details", "details.json", "add_router_interface", "remove_router_interface", "availability_zones", "extensions", "agents",
        "port_forwardings",
        // Glance
        "images", "file", "import", "members", "stage",
        // Cinder
        "volumes", "snapshots", "types", "backups", "attachments", "os-volume-transfer",
        // Heat
        "stacks", "resources", "signal", "events", "actions", "outputs", "template", "validate", "preview",
        // Octavia
        "lbaas", "loadbalancers", "listeners", "pools", "healthmonitors", "l7policies", "rules", "stats", "status", "failover",
        "providers", "amphorae", "octavia",
        // Designate and Barbican
        "zones", "recordsets", "secrets", "payload", "containers", "orders", "acl",
        // Prefixes that clouds put before the version
        "identity", "compute", "network", "networking", "image", "volume", "volumev3", "heat-api", "orchestration", "load-balancer",
        "load-balancing", "dns", "key-manager", "placement",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Returns the template of an address of a service.</summary>
    public static string Of(ServiceType service, Uri address)
    {
        var segments = address.AbsolutePath.Trim('/').Split('/');
        return service == ServiceType.ObjectStore ? OfObject(segments) : '/' + string.Join('/', segments.Select(Replace));
    }

    // Names of containers and objects are free, and may be words of other services.
    private static string OfObject(string[] segments)
    {
        var version = Array.FindIndex(segments, IsVersion);
        return (segments.Length - version) switch
        {
            _ when version < 0 => "/{path}",
            1 => "/v1",
            2 => "/v1/{account}",
            3 => "/v1/{account}/{container}",
            _ => "/v1/{account}/{container}/{object}",
        };
    }

    private static string Replace(string segment) =>
        segment.Length == 0 || Words.Contains(segment) || IsVersion(segment) ? segment : Placeholder;

    private static bool IsVersion(string segment) =>
        segment.Length > 1 && segment[0] == 'v' && segment.AsSpan(1).Trim("0123456789.").IsEmpty;
}
