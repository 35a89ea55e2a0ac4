using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;

namespace Faafo.Tests.OpenStack.Ownership;

/// <summary>The resources of a fake cloud by owner: those that a removal may delete, and all others.</summary>
public sealed class Population(FakeOpenStack cloud)
{
    private readonly List<string> _own = [];

    // The networks that every fake cloud has.
    private readonly List<string> _foreign = ["ext", "n1"];

    /// <summary>Adds one resource.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="isOwn">Whether it may be deleted.</param>
    /// <param name="project">Its project.</param>
    /// <param name="mark">Its description; a volume has it as a metadata key.</param>
    /// <param name="tags">The tags of a server.</param>
    public string Add(ResourceKind kind, bool isOwn, string project, string mark, params string[] tags)
    {
        var id = $"{(isOwn ? "own" : "foreign")}-{kind}-{_own.Count + _foreign.Count}";
        (isOwn ? _own : _foreign).Add(id);
        var one = new JsonObject { ["id"] = id, ["name"] = "faafo-api", ["description"] = mark, ["status"] = "ACTIVE" };
        one[kind == ResourceKind.Server ? "tenant_id" : "project_id"] = project;
        switch (kind)
        {
            case ResourceKind.Server:
                one.Remove("description");
                one["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
                cloud.Compute.Servers.Add(one);
                break;
            case ResourceKind.Volume:
                cloud.Volumes.Volumes.Add(Volume(one, mark, project));
                break;
            case ResourceKind.FloatingIP:
                cloud.Network.AddFloatingIP(description: mark, project: project)["id"] = id;
                break;
            case ResourceKind.LoadBalancer:
                one["provisioning_status"] = "ACTIVE";
                one["vip_port_id"] = $"vip-of-{id}";
                cloud.Balancers.Listed.Add(one);
                break;
            case ResourceKind.Port:
                (one["network_id"], one["device_id"], one["fixed_ips"]) = ("n1", "", new JsonArray());
                cloud.Network.Ports.Add(one);
                break;
            case ResourceKind.Router:
                cloud.Network.Routers.Add(one);
                break;
            case ResourceKind.Subnet:
                (one["network_id"], one["cidr"], one["ip_version"]) = ("n1", "10.0.3.0/24", 4);
                cloud.Network.Subnets.Add(one);
                break;
            case ResourceKind.Network:
                (one["router:external"], one["subnets"]) = (false, new JsonArray());
                cloud.Network.Networks.Add(one);
                break;
            case ResourceKind.SecurityGroup:
                one["security_group_rules"] = new JsonArray();
                cloud.Network.Groups.Add(one);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
        return id;
    }

    /// <summary>Adds a snapshot of a volume, with the metadata of the volume or with none.</summary>
    public void AddSnapshot(string volume, bool isOwn)
    {
        var id = $"{(isOwn ? "own" : "foreign")}-snapshot-of-{volume}";
        (isOwn ? _own : _foreign).Add(id);
        cloud.Volumes.Snapshots.Add(new JsonObject
        {
            ["id"] = id,
            ["name"] = "copy",
            ["status"] = "available",
            ["volume_id"] = volume,
            ["metadata"] = isOwn ? Metadata(volume) : new JsonObject(),
            ["os-extended-snapshot-attributes:project_id"] = ProjectOfVolume(volume),
        });
    }

    /// <summary>
    /// Adds the port of an own load balancer to an own network, as Octavia does: it carries no mark and goes with the load balancer.
    /// </summary>
    public void PlaceBalancer(string balancer, string network)
    {
        cloud.Network.Ports.Add(new JsonObject
        {
            ["id"] = $"vip-of-{balancer}",
            ["name"] = $"octavia-lb-{balancer}",
            ["network_id"] = network,
            ["device_owner"] = "Octavia",
            ["device_id"] = $"lb-{balancer}",
            ["project_id"] = "p1",
            ["fixed_ips"] = new JsonArray(),
        });
        cloud.Balancers.OnDeleted = id => cloud.Network.Ports.RemoveAll(port => (string?)port["id"] == $"vip-of-{id}");
    }

    /// <summary>The own resources that still exist.</summary>
    public IReadOnlyList<string> OwnLeft() => [.. _own.Where(Existing().Contains)];

    /// <summary>The foreign resources that no longer exist.</summary>
    public IReadOnlyList<string> ForeignGone() => [.. _foreign.Where(id => !Existing().Contains(id))];

    private JsonNode Metadata(string volume) =>
        cloud.Volumes.Volumes.Single(one => (string?)one["id"] == volume)["metadata"]!.DeepClone();

    private string ProjectOfVolume(string id) =>
        (string)cloud.Volumes.Volumes.Single(volume => (string?)volume["id"] == id)["os-vol-tenant-attr:tenant_id"]!;

    private static JsonObject Volume(JsonObject one, string mark, string project)
    {
        one.Remove("project_id");
        one["os-vol-tenant-attr:tenant_id"] = project;
        (one["status"], one["size"], one["attachments"]) = ("available", 1, new JsonArray());
        one["metadata"] = mark.Length > 0 ? new JsonObject { [mark] = "" } : new JsonObject();
        return one;
    }

    private HashSet<string> Existing() =>
    [
        .. new[]
        {
            cloud.Compute.Servers, cloud.Volumes.Volumes, cloud.Volumes.Snapshots, cloud.Network.FloatingIPs, cloud.Balancers.Listed,
            cloud.Network.Ports, cloud.Network.Routers, cloud.Network.Subnets, cloud.Network.Networks, cloud.Network.Groups,
        }.SelectMany(kind => kind).Select(one => (string)one["id"]!),
    ];
}
