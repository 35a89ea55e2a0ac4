using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// Nova: servers that boot and disappear in their time. Their names need not be unique. A port that has a server is refused (409,
/// PortInUse, nova/api/openstack/compute/servers.py), ports that Nova made itself go with their server, and others are only unbound.
/// </summary>
public sealed class SimulatedNova(SimulatedWorld world)
{
    private const string Done = "done-at";
    private static readonly Version Microversion = new(2, 93);
    private static readonly TimeSpan Boot = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Deletion = TimeSpan.FromSeconds(4);

    /// <summary>The servers of all projects.</summary>
    public List<JsonObject> Servers { get; } = [];

    /// <summary>The key pairs of the user; their names are unique.</summary>
    public List<JsonObject> KeyPairs { get; } = [];

    /// <summary>The share of servers that end in ERROR.</summary>
    public Func<bool> Fails { get; set; } = () => false;

    /// <summary>Ends what is done by now.</summary>
    public void Step()
    {
        foreach (var server in Servers.Where(one => one[Done] is not null && At(one) <= world.Clock.Now).ToArray())
        {
            server.Remove(Done);
            if ((string?)server["OS-EXT-STS:task_state"] == "deleting")
            {
                Servers.Remove(server);
                world.Neutron.Unplug((string)server["id"]!);
                continue;
            }
            server["OS-EXT-STS:task_state"] = null;
            var isFailed = Fails();
            server["status"] = isFailed ? "ERROR" : "ACTIVE";
            server["active_at"] = Text(world.Clock.Now);
            if (isFailed)
            {
                server["fault"] = new JsonObject { ["code"] = 500, ["message"] = "No valid host was found." };
            }
        }
    }

    public SimulatedResponse? Handle(SimulatedRequest request)
    {
        switch (request.Method, request.Segments)
        {
            case ("GET", []):
                return SimulatedResponse.Of(200, "version", new JsonObject
                {
                    ["id"] = "v2.1",
                    ["status"] = "CURRENT",
                    ["version"] = "2.93",
                    ["min_version"] = "2.1",
                    ["links"] = new JsonArray(),
                });
            case ("GET", ["limits"]):
                return SimulatedResponse.Of(200, "limits", new JsonObject { ["absolute"] = Limits() });
            case ("GET", ["flavors", "detail"]):
                return SimulatedResponse.List("flavors", [new JsonObject
                {
                    ["id"] = "flavor-1", ["name"] = "small", ["vcpus"] = 1, ["ram"] = 2048, ["disk"] = 10,
                }]);
            case (_, ["os-keypairs", ..]):
                return HandleKeys(request);
            case ("GET", ["servers", "detail"]):
                return List(request);
            case ("POST", ["servers"]):
                return Create(request);
            case (_, ["servers", var id, .. var rest]):
                return Find(id, request) is { } server ? Handle(request, server, rest) : NotFound(id);
            default:
                return null;
        }
    }

    private static SimulatedResponse NotFound(string id) =>
        SimulatedResponse.Of(404, "itemNotFound", new JsonObject { ["code"] = 404, ["message"] = $"Instance {id} could not be found." });

    private static SimulatedResponse Error(int status, string kind, string message) =>
        SimulatedResponse.Of(status, kind, new JsonObject { ["code"] = status, ["message"] = message });

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(JsonObject server) => new((long)server[Done]!, TimeSpan.Zero);

    private static JsonObject Show(JsonObject server)
    {
        var shown = server.DeepClone().AsObject();
        shown.Remove(Done);
        shown.Remove("active_at");
        return shown;
    }

    private JsonObject? Find(string id, SimulatedRequest request) =>
        Servers.Find(one => (string?)one["id"] == id && (request.IsAdmin || (string?)one["tenant_id"] == request.Project));

    private JsonObject Limits() => new()
    {
        ["maxTotalInstances"] = 100,
        ["totalInstancesUsed"] = Servers.Count,
        ["maxTotalCores"] = 200,
        ["totalCoresUsed"] = Servers.Count,
        ["maxTotalRAMSize"] = 512000,
        ["totalRAMUsed"] = 2048 * Servers.Count,
    };

    private SimulatedResponse? Handle(SimulatedRequest request, JsonObject server, string[] rest)
    {
        var id = (string)server["id"]!;
        switch (request.Method, rest)
        {
            case ("GET", []):
                return SimulatedResponse.Of(200, "server", Show(server));
            case ("DELETE", []):
                world.Touch(request, id);
                if ((string?)server["OS-EXT-STS:task_state"] != "deleting")
                {
                    server["OS-EXT-STS:task_state"] = "deleting";
                    server[Done] = (world.Clock.Now + Deletion).UtcTicks;
                }
                return SimulatedResponse.Empty(204);
            case ("POST", ["action"]) when Encoding.UTF8.GetString(request.Body).Contains("os-getConsoleOutput", StringComparison.Ordinal):
                return SimulatedResponse.Of(200, "output", "booting\n");
            default:
                world.Touch(request, id);
                return null;
        }
    }

    private SimulatedResponse? HandleKeys(SimulatedRequest request)
    {
        switch (request.Method, request.Segments)
        {
            case ("GET", ["os-keypairs"]):
                return SimulatedResponse.List("keypairs", KeyPairs.Select(key => new JsonObject { ["keypair"] = key.DeepClone() }));
            case ("POST", ["os-keypairs"]):
                var key = request.Json("keypair").DeepClone().AsObject();
                if (KeyPairs.Exists(one => (string?)one["name"] == (string?)key["name"]))
                {
                    return Error(409, "conflictingRequest", $"Key pair '{key["name"]}' already exists.");
                }
                key["fingerprint"] = "f";
                KeyPairs.Add(key);
                return SimulatedResponse.Of(201, "keypair", key.DeepClone());
            case ("DELETE", ["os-keypairs", var name]):
                world.Touch(request, name);
                return KeyPairs.RemoveAll(one => (string?)one["name"] == Uri.UnescapeDataString(name)) > 0
                    ? SimulatedResponse.Empty(204) : Error(404, "itemNotFound", $"Keypair {name} not found.");
            default:
                return null;
        }
    }

    private SimulatedResponse List(SimulatedRequest request)
    {
        var all = request.Query.ContainsKey("all_tenants");
        if (all && !request.IsAdmin)
        {
            return Error(403, "forbidden", "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants.");
        }
        var tags = request.Query.TryGetValue("tags", out var asked) ? asked.Split(',') : [];
        return SimulatedResponse.List("servers", Servers.Where(one => all || (string?)one["tenant_id"] == request.Project)
            .Where(one => tags.All(tag => one["tags"]!.AsArray().Any(own => (string?)own == tag)))
            .Where(one => !request.Query.TryGetValue("status", out var status) || (string?)one["status"] == status).Select(Show));
    }

    private SimulatedResponse Create(SimulatedRequest request)
    {
        var wish = request.Json("server");
        if (NovaRules.Reject(wish, Microversion) is { } reason)
        {
            return Error(400, "badRequest", reason);
        }
        if ((string?)wish["imageRef"] != "image-1" || (string?)wish["flavorRef"] != "flavor-1")
        {
            return Error(400, "badRequest", "Image or flavor could not be found.");
        }
        if (wish["key_name"] is { } key && !KeyPairs.Exists(one => (string?)one["name"] == (string?)key))
        {
            return Error(400, "badRequest", "Invalid key_name provided.");
        }
        if (((string?)wish["user_data"])?.Length > 65535)
        {
            return Error(400, "badRequest", "User data too large.");
        }
        var id = world.NewId("server");
        if (world.Neutron.Plug(request, id, wish) is var (status, message))
        {
            return Error(status, status == 409 ? "conflictingRequest" : "badRequest", message);
        }
        Servers.Add(new JsonObject
        {
            ["id"] = id,
            ["name"] = (string)wish["name"]!,
            ["status"] = "BUILD",
            ["OS-EXT-STS:task_state"] = "spawning",
            ["created"] = Text(world.Clock.Now),
            ["tags"] = wish["tags"]?.DeepClone() ?? new JsonArray(),
            ["image"] = new JsonObject { ["id"] = "image-1" },
            ["flavor"] = new JsonObject { ["original_name"] = "small" },
            ["tenant_id"] = request.Project,
            ["key_name"] = (string?)wish["key_name"],
            [Done] = (world.Clock.Now + Boot).UtcTicks,
        });
        return SimulatedResponse.Of(202, "server", new JsonObject { ["id"] = id, ["adminPass"] = "p", ["links"] = new JsonArray() });
    }
}
