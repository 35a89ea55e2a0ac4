using System.Globalization;
using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>Keystone: logins, tokens that expire, and application credentials, whose names are unique for a user.</summary>
public sealed class SimulatedKeystone(SimulatedWorld world)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private readonly Dictionary<string, (string User, string Project, DateTimeOffset Expires)> _tokens = [];

    /// <summary>The application credentials.</summary>
    public List<FakeApplicationCredential> Credentials { get; } = [];

    internal static SimulatedResponse Rejected => Error(401, "The request you have made requires authentication.");

    /// <summary>Identifies the caller; null when the token is not valid. Version documents and logins need none.</summary>
    public SimulatedRequest? Authenticate(SimulatedRequest request)
    {
        if (request.Path.EndsWith("/auth/tokens", StringComparison.Ordinal) || request.Path.EndsWith("/v2.1/", StringComparison.Ordinal))
        {
            return request;
        }
        return request.Headers.TryGetValue("X-Auth-Token", out var token) && _tokens.TryGetValue(token, out var found)
            && found.Expires > world.Clock.Now
            ? request with { User = found.User, Project = found.Project, IsAdmin = world.IsAdmin }
            : null;
    }

    public SimulatedResponse? Handle(SimulatedRequest request)
    {
        switch (request.Method, request.Segments)
        {
            case ("POST", ["auth", "tokens"]):
                return Login(request);
            case (_, ["users", var user, "application_credentials", ..]) when user != request.User:
                return Error(403, "You are not authorized to perform the requested action.");
            case ("GET", ["users", var user, "application_credentials"]):
                return SimulatedResponse.List("application_credentials", Credentials
                    .Where(one => one.User == user && (!request.Query.TryGetValue("name", out var name) || one.Name == name))
                    .Select(one => one.ToJson(secret: false)));
            case ("POST", ["users", var user, "application_credentials"]):
                return Create(request.Json("application_credential"), user, request.Project);
            case ("DELETE", ["users", var user, "application_credentials", var id]):
                world.Touch(request, id);
                return Credentials.RemoveAll(one => one.User == user && one.Id == id) > 0
                    ? SimulatedResponse.Empty(204) : Error(404, $"Could not find Application Credential: {id}.");
            default:
                return null;
        }
    }

    private SimulatedResponse Create(JsonObject wish, string user, string project)
    {
        var name = (string)wish["name"]!;
        if (Credentials.Exists(one => one.User == user && one.Name == name))
        {
            return Error(409, "Conflict occurred attempting to store application_credential - Duplicate entry found with name.");
        }
        var id = world.NewId("credential");
        Credentials.Add(new FakeApplicationCredential(id, user, project, name, (string?)wish["description"], $"secret of {id}"));
        return SimulatedResponse.Of(201, "application_credential", Credentials[^1].ToJson(secret: true));
    }

    private SimulatedResponse Login(SimulatedRequest request)
    {
        var identity = request.Json("auth")["identity"]!;
        var (user, project) = ("u1", SimulatedWorld.Project);
        if (identity["application_credential"] is { } login)
        {
            var id = (string?)login["id"];
            var found = Credentials.Find(one => one.Id == id);
            if (found is null)
            {
                return Error(404, $"Could not find Application Credential: {id}.");
            }
            if (found.Secret != (string?)login["secret"])
            {
                return Rejected;
            }
            (user, project) = (found.User, found.Project);
        }
        var token = world.NewId("token");
        var now = world.Clock.Now;
        _tokens[token] = (user, project, now + Life);
        return SimulatedResponse.Of(201, "token", new JsonObject
        {
            ["issued_at"] = Text(now),
            ["expires_at"] = Text(now + Life),
            ["user"] = new JsonObject { ["id"] = user, ["name"] = "demo" },
            ["project"] = new JsonObject { ["id"] = project, ["name"] = "demo" },
            ["roles"] = new JsonArray(new JsonObject { ["id"] = "r1", ["name"] = "member" }),
            ["catalog"] = new JsonArray(
                Service("compute", "/compute/v2.1"), Service("network", "/network"), Service("image", "/image"),
                Service("object-store", "/swift/v1/AUTH_p1"), Service("volumev3", "/volume/v3/p1"), Service("load-balancer", "/lb")),
        }).With("X-Subject-Token", token);
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static JsonObject Service(string type, string path) => new()
    {
        ["type"] = type,
        ["name"] = type,
        ["endpoints"] = new JsonArray(new JsonObject
        {
            ["interface"] = "public",
            ["region"] = "One",
            ["region_id"] = "One",
            ["url"] = "http://cloud.test" + path,
        }),
    };

    private static SimulatedResponse Error(int status, string message) => SimulatedResponse.Of(status, "error", new JsonObject
    {
        ["code"] = status,
        ["title"] = "Error",
        ["message"] = message,
    });
}
