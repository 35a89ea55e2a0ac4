using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// One load balancer, "lb1", of Octavia: each change makes it PENDING_UPDATE until it was read twice; a change meanwhile is 409.
/// </summary>
public sealed class FakeBalancers
{
    private static readonly string[] Attributes =
    [
        "id", "name", "description", "provisioning_status", "operating_status", "admin_state_up", "vip_address", "vip_port_id",
        "vip_subnet_id", "vip_network_id", "provider", "flavor_id", "availability_zone", "tags", "tags-any", "not-tags", "not-tags-any",
    ];

    private int _pendingReads;

    public List<JsonObject> Members { get; } = [];

    /// <summary>The load balancers in lists, for an administrator those of all projects; "lb1" is in none.</summary>
    public List<JsonObject> Listed { get; } = [];

    public int Refused { get; private set; }

    /// <summary>Whether lists are filtered (the setting allow_filtering). Otherwise Octavia ignores every filter but the project.</summary>
    public bool AllowsFiltering { get; set; } = true;

    /// <summary>The listeners, pools, monitors and members of the load balancers in <see cref="Listed"/>.</summary>
    public FakeBalancerParts Parts { get; } = new();

    /// <summary>Called with the id of a load balancer that was deleted; its port goes with it.</summary>
    public Action<string>? OnDeleted { get; set; }

    public (int, string) Handle(HttpRequest request, string path, string body, bool isAdmin = false, string project = "p1")
    {
        switch (request.Method, path.Trim('/').Split('/'))
        {
            case ("GET", ["loadbalancers"]):
                return List(request.Query, isAdmin, project);
            case ("DELETE" or "GET", ["loadbalancers", var id]) when !isAdmin
                && Listed.Exists(one => (string?)one["id"] == id && (string?)one["project_id"] != project):
                return Forbidden;
            case ("DELETE", ["loadbalancers", var id]) when Listed.RemoveAll(one => (string?)one["id"] == id) > 0:
                OnDeleted?.Invoke(id);
                Parts.Clear(id);
                return (204, "");
            case ("GET", ["loadbalancers", "lb1"]):
                var status = _pendingReads > 0 ? "PENDING_UPDATE" : "ACTIVE";
                _pendingReads = Math.Max(0, _pendingReads - 1);
                return (200, "{\"loadbalancer\":{\"id\":\"lb1\",\"name\":\"web\",\"provisioning_status\":\"" + status
                    + "\",\"operating_status\":\"ONLINE\",\"vip_address\":\"10.0.0.5\"}}");
            case ("POST", ["pools", "p1", "members"]):
                if (_pendingReads > 0)
                {
                    Refused++;
                    return (409,
                        """{"faultcode":"Client","faultstring":"Load Balancer lb1 is immutable and cannot be updated."}""");
                }
                _pendingReads = 2;
                var member = JsonNode.Parse(body)!["member"]!.DeepClone().AsObject();
                member["id"] = $"m{Members.Count + 1}";
                Members.Add(member);
                return (201, new JsonObject { ["member"] = member.DeepClone() }.ToJsonString());
            case ("GET", ["loadbalancers", var id]) when Listed.Exists(one => (string?)one["id"] == id):
                return (200, new JsonObject
                {
                    ["loadbalancer"] = Listed.Find(one => (string?)one["id"] == id)!.DeepClone(),
                }.ToJsonString());
            case ("POST", ["loadbalancers"]):
                return Create(JsonNode.Parse(body)!["loadbalancer"]!.AsObject(), project);
            case (_, ["listeners" or "pools" or "healthmonitors", ..]):
                return Parts.Handle(request, path, body, AllowsFiltering, project);
            default:
                return (404, """{"faultcode":"Client","faultstring":"Not Found","debuginfo":null}""");
        }
    }

    private (int, string) Create(JsonObject wish, string project)
    {
        var balancer = wish.DeepClone().AsObject();
        var id = $"balancer-{Listed.Count + 1}";
        balancer["id"] = id;
        balancer["project_id"] = project;
        balancer["provisioning_status"] = "ACTIVE";
        balancer["operating_status"] = "ONLINE";
        balancer["vip_address"] = "10.0.0.200";
        balancer["vip_port_id"] = $"vip-of-{id}";
        Listed.Add(balancer);
        return (201, new JsonObject { ["loadbalancer"] = balancer.DeepClone() }.ToJsonString());
    }

    private static (int, string) Forbidden =>
        (403, """{"faultcode":"Client","faultstring":"Policy does not allow this request to be performed.","debuginfo":null}""");

    // octavia/api/v2/controllers/base.py, _auth_get_all, and common/pagination.py, apply: an unknown filter is 400.
    private (int, string) List(IQueryCollection query, bool isAdmin, string project)
    {
        var asked = query["project_id"].FirstOrDefault();
        if (!isAdmin && asked is not null && asked != project)
        {
            return Forbidden;
        }
        var filters = query.Where(filter => filter.Key is not ("project_id" or "limit" or "marker" or "sort" or "fields" or "page_reverse"))
            .ToList();
        if (AllowsFiltering && filters.Exists(filter => !Attributes.Contains(filter.Key)))
        {
            return (400,
                """{"faultcode":"Client","faultstring":"One or more arguments are either duplicate or invalid","debuginfo":null}""");
        }
        var found = Listed.Where(one => (isAdmin && asked is null) || (string?)one["project_id"] == (asked ?? project))
            .Where(one => !AllowsFiltering || filters.TrueForAll(filter => (string?)one[filter.Key] == filter.Value.ToString()))
            .Select(one => one.DeepClone());
        return (200, new JsonObject { ["loadbalancers"] = new JsonArray([.. found]) }.ToJsonString());
    }
}
