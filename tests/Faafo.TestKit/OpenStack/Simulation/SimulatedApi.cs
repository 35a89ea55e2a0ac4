using System.Text.Json;
using System.Text.Json.Nodes;
using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// The API of the flock: it responds while one of its servers runs, its nodes join some time after their servers run, drain when they are
/// asked to, fall silent when their servers are gone, and overrides stay.
/// </summary>
public sealed class SimulatedApi(SimulatedWorld world)
{
    private static readonly TimeSpan Join = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, (string Server, Node Node, DateTimeOffset? Draining)> _nodes = [];
    private readonly Dictionary<string, JsonObject> _overrides = [];

    /// <summary>The tasks in the queue.</summary>
    public Func<DateTimeOffset, long> Tasks { get; set; } = _ => 0;

    /// <summary>The tag of the flock's servers.</summary>
    public Func<JsonObject, bool> IsOwn { get; set; } = server => !world.IsForeign((string)server["id"]!);

    /// <summary>The overrides of all groups.</summary>
    public IEnumerable<JsonObject> Overrides => _overrides.Values;

    /// <summary>Serves a request.</summary>
    public SimulatedResponse Serve(SimulatedRequest request)
    {
        world.Nova.Step();
        Step();
        var now = world.Clock.Now;
        if (!_nodes.Values.Any(one => one.Node.Report.Role == "api" && IsRunning(one.Server)))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused");
        }
        switch (request.Method, request.Path.Trim('/').Split('/'))
        {
            case ("GET", ["v1", "queue"]):
                var queue = new QueueReport { Ready = Tasks(now), InFlight = 0, Unpublished = 0, Unfinished = Tasks(now) };
                return Json(queue, FaafoJson.Default.QueueReport);
            case ("GET", ["v1", "nodes"]):
                return Json<IReadOnlyList<Node>>([.. _nodes.Values.Select(one => one.Node)], FaafoJson.Default.IReadOnlyListNode);
            case ("GET", ["v1", "groups"]):
                return SimulatedResponse.Json(200, new JsonArray([.. _overrides.Values.Select(one => one.DeepClone())]));
            case ("PUT", ["v1", "groups", var group]):
                return SetOverrides(group, JsonNode.Parse(request.Body)!.AsObject());
            case ("PUT", ["v1", "nodes", var name]):
                var report = JsonSerializer.Deserialize(request.Body, FaafoJson.Default.NodeReport)!;
                _nodes[name] = ("", new Node(name, report.State, false, now, report), null);
                return Json(new HeartbeatResponse(false), FaafoJson.Default.HeartbeatResponse);
            case ("DELETE", ["v1", "nodes", var name]):
                return _nodes.Remove(name) ? SimulatedResponse.Empty(204) : NoSuchNode(name);
            case (_, ["v1", "nodes", var name, "drain"]):
                return SetDrain(name, request.Method == "POST");
            case ("GET", ["readyz"]):
                return new SimulatedResponse(200, "ok"u8.ToArray(), "text/plain");
            default:
                world.Unknown.Add($"{request.Method} {request.Path}");
                return Refuse(400, "unknown", null, Problem.InvalidRequest);
        }
    }

    private static SimulatedResponse Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        new(200, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static SimulatedResponse NoSuchNode(string name) => Refuse(404, $"there is no node {name}", name, Problem.NoSuchNode);

    private static SimulatedResponse Refuse(int status, string detail, string? resource, string type)
    {
        var problem = new Problem("Error", status, detail) { Type = type, Resource = resource };
        return new SimulatedResponse(status, JsonSerializer.SerializeToUtf8Bytes(problem, FaafoJson.Default.Problem), Problem.MediaType);
    }

    private bool IsRunning(string server) =>
        world.Nova.Servers.Exists(one => (string?)one["id"] == server && (string?)one["status"] == "ACTIVE");

    // As GroupRegistry: a first override is accepted with any version, a later one with the current one or none.
    private SimulatedResponse SetOverrides(string group, JsonObject wanted)
    {
        var current = _overrides.TryGetValue(group, out var known) ? (long)known["version"]! : 0;
        if (known is not null && wanted["version"] is { } expected && (long)expected != current)
        {
            return Refuse(409, $"the overrides of group {group} no longer have version {expected}", group, Problem.OverridesChanged);
        }
        wanted["version"] = current + 1;
        _overrides[group] = wanted;
        return SimulatedResponse.Json(200, wanted.DeepClone());
    }

    private SimulatedResponse SetDrain(string name, bool drain)
    {
        if (!_nodes.TryGetValue(name, out var known))
        {
            return NoSuchNode(name);
        }
        _nodes[name] = (known.Server, known.Node with { Drain = drain }, drain ? known.Draining ?? world.Clock.Now : null);
        return SimulatedResponse.Empty(204);
    }

    private void Step()
    {
        var now = world.Clock.Now;
        foreach (var server in world.Nova.Servers.Where(one => IsOwn(one) && (string?)one["status"] == "ACTIVE"))
        {
            var started = DateTimeOffset.Parse((string)server["active_at"]!, System.Globalization.CultureInfo.InvariantCulture) + Join;
            var name = (string)server["name"]!;
            var id = (string)server["id"]!;
            if (started > now)
            {
                continue;
            }
            var known = _nodes.GetValueOrDefault(name);
            var isSame = known.Server == id;
            if (isSame && known.Node.State == NodeState.Left)
            {
                continue;
            }
            var draining = isSame ? known.Draining : null;
            var isWorker = name.StartsWith("app-worker", StringComparison.Ordinal);
            var state = (draining, isWorker) switch
            {
                (null, _) or (_, false) => NodeState.Ready,
                _ => now - draining > Drain ? NodeState.Left : NodeState.Draining,
            };
            var report = new NodeReport(5) { Role = name.Split('-')[1], Cpus = 2, Slots = 2, StartedAt = started, State = state };
            _nodes[name] = (id, new Node(name, state, isSame && known.Node.Drain, now, report), draining);
        }
        foreach (var (name, known) in _nodes.Where(one => one.Value.Node.State != NodeState.Left && now - one.Value.Node.LastSeen > Silence)
            .ToArray())
        {
            _nodes[name] = known with { Node = known.Node with { State = NodeState.Stale } };
        }
    }
}
