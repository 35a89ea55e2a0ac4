using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>Cinder: volumes and snapshots that can be listed and deleted, a volume only without snapshots.</summary>
public sealed class SimulatedCinder(SimulatedWorld world)
{
    private readonly Dictionary<string, List<JsonObject>> _kinds = new() { ["volumes"] = [], ["snapshots"] = [] };

    /// <summary>All resources.</summary>
    public IEnumerable<JsonObject> All => _kinds.Values.SelectMany(kind => kind);

    /// <summary>The volumes or the snapshots.</summary>
    public List<JsonObject> Of(string kind) => _kinds[kind];

    public SimulatedResponse? Handle(SimulatedRequest request)
    {
        switch (request.Method, request.Segments)
        {
            case ("GET", [var kind, "detail"]) when _kinds.ContainsKey(kind):
                return SimulatedResponse.List(kind, _kinds[kind].Where(one => (string?)one["project"] == request.Project
                    && (!request.Query.TryGetValue("volume_id", out var volume) || (string?)one["volume_id"] == volume))
                    .Select(one => one.DeepClone()));
            case (_, [var kind, var id]) when _kinds.ContainsKey(kind):
                if (_kinds[kind].Find(one => (string?)one["id"] == id) is not { } found)
                {
                    return Error(404, "itemNotFound", $"{id} could not be found.");
                }
                return request.Method == "GET" ? SimulatedResponse.Of(200, kind[..^1], found.DeepClone()) : Delete(request, kind, found);
            default:
                return null;
        }
    }

    private static SimulatedResponse Error(int status, string kind, string message) =>
        SimulatedResponse.Of(status, kind, new JsonObject { ["code"] = status, ["message"] = message });

    private SimulatedResponse Delete(SimulatedRequest request, string kind, JsonObject found)
    {
        var id = (string)found["id"]!;
        world.Touch(request, id);
        if (kind == "volumes" && _kinds["snapshots"].Exists(one => (string?)one["volume_id"] == id))
        {
            return Error(400, "badRequest", "Invalid volume: Volume must be available and have no snapshots.");
        }
        _kinds[kind].Remove(found);
        return SimulatedResponse.Empty(202);
    }
}
