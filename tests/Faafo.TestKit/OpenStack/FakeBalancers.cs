using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// One load balancer, "lb1", of Octavia: each change makes it PENDING_UPDATE until it was read twice; a change meanwhile is 409.
/// </summary>
public sealed class FakeBalancers
{
    private int _pendingReads;

    public List<JsonObject> Members { get; } = [];

    /// <summary>The load balancers in lists, for an administrator those of all projects; "lb1" is in none.</summary>
    public List<JsonObject> Listed { get; } = [];

    public int Refused { get; private set; }

    public (int, string) Handle(HttpRequest request, string path, string body, bool isAdmin = false)
    {
        switch (request.Method, path.Trim('/').Split('/'))
        {
            case ("GET", ["loadbalancers"]):
                var found = Listed.Where(one => isAdmin || (string?)one["project_id"] == "p1")
                    .Where(one => request.Query.All(filter => (string?)one[filter.Key] == filter.Value.ToString()))
                    .Select(one => one.DeepClone());
                return (200, new JsonObject { ["loadbalancers"] = new JsonArray([.. found]) }.ToJsonString());
            case ("DELETE", ["loadbalancers", var id]) when Listed.RemoveAll(one => (string?)one["id"] == id) > 0:
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
            default:
                return (404, """{"faultcode":"Client","faultstring":"Not Found","debuginfo":null}""");
        }
    }
}
