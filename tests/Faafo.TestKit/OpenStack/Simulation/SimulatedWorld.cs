using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// A cloud and the API of a flock in it, in memory and without sockets, in simulated time. It is as strict as the services where a scaler
/// that was cut off can notice: names that must be unique, ports in use, balancers that are immutable while they change, objects that
/// expire, containers that are not empty. Foreign resources are those that were there before the flock: a change of one is noted.
/// </summary>
public sealed class SimulatedWorld
{
    /// <summary>The project of the flock.</summary>
    public const string Project = "p1";

    private readonly HashSet<string> _foreign = [];
    private int _next;

    /// <summary>Creates a world with the networks, images and flavors that a cloud has.</summary>
    public SimulatedWorld()
    {
        Keystone = new SimulatedKeystone(this);
        Neutron = new SimulatedNeutron(this);
        Nova = new SimulatedNova(this);
        Octavia = new SimulatedOctavia(this);
        Swift = new SimulatedSwift(this);
        Cinder = new SimulatedCinder(this);
        Api = new SimulatedApi(this);
    }

    /// <summary>Guards everything.</summary>
    public Lock State { get; } = new();

    /// <summary>The time.</summary>
    public SimulatedClock Clock { get; } = new();

    public SimulatedKeystone Keystone { get; }

    public SimulatedNova Nova { get; }

    public SimulatedNeutron Neutron { get; }

    public SimulatedOctavia Octavia { get; }

    public SimulatedSwift Swift { get; }

    public SimulatedCinder Cinder { get; }

    /// <summary>The API of the flock.</summary>
    public SimulatedApi Api { get; }

    /// <summary>Whether the login is an administrator's, whose lists show all projects.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The changes that were asked for, accepted or not.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>The changes of resources that are not the flock's.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Requests that no service knows: a gap of the simulation.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>Makes everything that exists now foreign.</summary>
    public void Close() => _foreign.UnionWith(
        Neutron.All.Concat(Nova.Servers).Concat(Octavia.All).Concat(Cinder.All).Select(one => (string)one["id"]!)
            .Concat(Nova.KeyPairs.Select(key => (string)key["name"]!)).Concat(Keystone.Credentials.Select(one => one.Id))
            .Concat(Swift.Containers.Keys.Select(one => $"container:{one.Project}/{one.Name}")));

    /// <summary>Makes something foreign that others add later.</summary>
    public void MakeForeign(string id) => _foreign.Add(id);

    /// <summary>Whether something was there before the flock.</summary>
    public bool IsForeign(string id) => _foreign.Contains(id);

    /// <summary>A new id.</summary>
    public string NewId(string kind) => $"{kind}-{++_next}";

    /// <summary>Notes a change of a resource if it is not the flock's.</summary>
    internal void Touch(SimulatedRequest request, string? id)
    {
        if (id is not null && IsForeign(id))
        {
            Violations.Add($"{request.Method} {request.Path} changes {id}");
        }
    }

    /// <summary>Serves a request to the cloud.</summary>
    public SimulatedResponse Serve(SimulatedRequest request)
    {
        Nova.Step();
        Octavia.Step();
        if (request.IsWrite && !request.Path.EndsWith("/auth/tokens", StringComparison.Ordinal))
        {
            Writes.Add($"{request.Method} {request.Path}");
        }
        var response = Keystone.Authenticate(request) is { } caller ? Route(caller) : SimulatedKeystone.Rejected;
        if (response is null)
        {
            Unknown.Add($"{request.Method} {request.Path}");
            return SimulatedResponse.Of(404, "error", new JsonObject { ["code"] = 404, ["message"] = "nothing here" });
        }
        // By these a client distinguishes the services from a proxy.
        var id = $"req-{++_next}";
        return request.Path.StartsWith("/swift", StringComparison.Ordinal)
            ? response.With("X-Trans-Id", id) : response.With("X-Openstack-Request-Id", id);
    }

    private SimulatedResponse? Route(SimulatedRequest request) => request.Path.Trim('/').Split('/') switch
    {
        ["identity", "v3", .. var rest] => Keystone.Handle(request with { Segments = rest }),
        ["compute", "v2.1", .. var rest] => Nova.Handle(request with { Segments = rest }),
        ["network", "v2.0", .. var rest] => Neutron.Handle(request with { Segments = rest }),
        ["lb", "v2", "lbaas", .. var rest] => Octavia.Handle(request with { Segments = rest }),
        ["swift", "v1", "AUTH_p1", .. var rest] => Swift.Handle(request with { Segments = rest }),
        ["volume", "v3", "p1", .. var rest] => Cinder.Handle(request with { Segments = rest }),
        ["image", "v2", "images"] => SimulatedResponse.List("images", [new JsonObject
        {
            ["id"] = "image-1", ["name"] = "debian", ["status"] = "active", ["min_disk"] = 1, ["min_ram"] = 512, ["size"] = 1000,
        }]),
        ["image", "v2", "images", _] => SimulatedResponse.Empty(404),
        ["volume", "v3"] => SimulatedResponse.Empty(404),
        _ => null,
    };
}
