using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// Cinder in memory, and Nova's attachments of its volumes. A change is in progress at the first read and done at the second. As in Cinder,
/// a volume can be deleted only while it is detached and has no snapshot, lists show the project of the token, and a filter that is not
/// in resource_filters.json is ignored (cinder/api/api_utils.py, remove_invalid_filter_options).
/// </summary>
public sealed class FakeVolumes
{
    private const string VolumeProject = "os-vol-tenant-attr:tenant_id";
    private const string SnapshotProject = "os-extended-snapshot-attributes:project_id";
    private static readonly string[] VolumeFilters = ["name", "status", "bootable", "availability_zone", "group_id", "size"];
    private static readonly string[] SnapshotFilters = ["name", "status", "volume_id", "availability_zone"];

    public List<JsonObject> Volumes { get; } = [];

    public List<JsonObject> Snapshots { get; } = [];

    /// <summary>Whether lists ignore every filter, and that for the project too, as no real Cinder does.</summary>
    public bool IgnoresFilters { get; set; }

    /// <summary>The changes in order, such as <c>POST snapshots</c>.</summary>
    public List<string> Log { get; } = [];

    public (int, string) Handle(HttpRequest request, string path, string body)
    {
        var parts = path.Trim('/').Split('/');
        Note(request.Method, parts[0]);
        return (request.Method, parts) switch
        {
            ("POST", ["volumes"]) => Create("volume", Volumes, JsonNode.Parse(body)!["volume"]!.AsObject()),
            ("POST", ["snapshots"]) => Create("snapshot", Snapshots, JsonNode.Parse(body)!["snapshot"]!.AsObject()),
            ("GET", ["volumes", "detail"]) => List("volumes", Volumes, VolumeProject, request.Query, VolumeFilters),
            ("GET", ["snapshots", "detail"]) => List("snapshots", Snapshots, SnapshotProject, request.Query, SnapshotFilters),
            (_, ["volumes", var id]) when Find(Volumes, id) is { } one && ProjectOf(one, VolumeProject) != "p1" => NotFound,
            (_, ["snapshots", var id]) when Find(Snapshots, id) is { } one && ProjectOf(one, SnapshotProject) != "p1" => NotFound,
            ("GET", ["volumes", var id]) => Read("volume", Volumes, id),
            ("GET", ["snapshots", var id]) => Read("snapshot", Snapshots, id),
            ("DELETE", ["volumes", var id]) when Find(Volumes, id) is { } volume =>
                Snapshots.Any(one => (string?)one["volume_id"] == id) || !IsDeletable(volume)
                ? (400,
                    """{"badRequest":{"code":400,"message":"Invalid volume: Volume must be available and have no snapshots."}}""")
                : Go(volume, "deleting"),
            ("DELETE", ["snapshots", var id]) when Find(Snapshots, id) is { } snapshot => !IsDeletable(snapshot)
                ? (400, """{"badRequest":{"code":400,"message":"Invalid snapshot: Snapshot status must be available or error."}}""")
                : Go(snapshot, "deleting"),
            _ => NotFound,
        };
    }

    /// <summary>Serves "servers/{id}/os-volume_attachments[/{volume}]" of Nova.</summary>
    public (int, string) HandleAttachment(string method, string server, string? volumeId, string body)
    {
        Note(method, "attachments");
        var id = volumeId ?? (string)JsonNode.Parse(body)!["volumeAttachment"]!["volumeId"]!;
        if (Find(Volumes, id) is not { } volume)
        {
            return NotFound;
        }
        if (method == "DELETE")
        {
            volume["attachments"] = new JsonArray();
            return Go(volume, "detaching");
        }
        volume["attachments"] = new JsonArray(new JsonObject { ["server_id"] = server, ["device"] = "/dev/vdb" });
        Go(volume, "attaching");
        return (200, new JsonObject
        {
            ["volumeAttachment"] = new JsonObject
            {
                ["volumeId"] = id,
                ["serverId"] = server,
                ["device"] = "/dev/vdb"
            }
        }.ToJsonString());
    }

    /// <summary>Detaches the volumes of a deleted server.</summary>
    public void Detach(string server)
    {
        foreach (var volume in Volumes.Where(
            one => (one["attachments"] as JsonArray)?.Any(held => (string?)held!["server_id"] == server) ?? false))
        {
            volume["attachments"] = new JsonArray();
            Go(volume, "detaching");
        }
    }

    private static (int, string) NotFound => (404, """{"itemNotFound":{"code":404,"message":"It could not be found."}}""");

    private static JsonObject? Find(List<JsonObject> all, string id) => all.Find(one => (string?)one["id"] == id);

    private static bool IsDeletable(JsonObject one) =>
        (string?)one["status"] is "available" or "error" or "error_restoring" or "error_extending" or "error_managing" or "error_deleting";

    private static string ProjectOf(JsonObject one, string key) => (string?)one[key] ?? "p1";

    private (int, string) List(string key, List<JsonObject> all, string project, IQueryCollection query, string[] filters)
    {
        var found = all.Where(one => IgnoresFilters || ProjectOf(one, project) == "p1").Where(one => IgnoresFilters
            || query.Where(filter => filters.Contains(filter.Key)).All(filter => (string?)one[filter.Key] == filter.Value.ToString()));
        return (200, new JsonObject { [key] = new JsonArray([.. found.Select(one => one.DeepClone())]) }.ToJsonString());
    }

    private static (int, string) Go(JsonObject one, string status)
    {
        one["status"] = status;
        return (202, "");
    }

    private static (int, string) Create(string key, List<JsonObject> all, JsonObject wish)
    {
        var made = wish.DeepClone().AsObject();
        (made["id"], made["status"]) = (Guid.NewGuid().ToString(), "creating");
        all.Add(made);
        return (202, new JsonObject { [key] = made.DeepClone() }.ToJsonString());
    }

    private static (int, string) Read(string key, List<JsonObject> all, string id)
    {
        if (Find(all, id) is not { } one)
        {
            return NotFound;
        }
        var answer = (200, new JsonObject { [key] = one.DeepClone() }.ToJsonString());
        one["status"] = (string?)one["status"] switch
        {
            "creating" or "detaching" => "available",
            "attaching" => "in-use",
            var other => other,
        };
        if ((string?)one["status"] == "deleting")
        {
            all.Remove(one);
        }
        return answer;
    }

    private void Note(string method, string what)
    {
        if (method != "GET")
        {
            Log.Add($"{method} {what}");
        }
    }
}
