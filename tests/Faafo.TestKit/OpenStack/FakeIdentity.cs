using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// Keystone's application credentials. They belong to a user and are valid for one project in all regions, so the clouds of several
/// regions and projects can share one instance. Only its user can list one (keystone/application_credential/core.py), and its name is
/// unique per user.
/// </summary>
public sealed class FakeIdentity
{
    private int _made;

    /// <summary>The credentials that were created and not deleted.</summary>
    public List<FakeApplicationCredential> Credentials { get; } = [];

    /// <summary>Serves requests below /users.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path after /users/: the user's id, application_credentials and the credential's id.</param>
    /// <param name="name">The name to filter by; null for all.</param>
    /// <param name="body">The body.</param>
    /// <param name="project">The project of the token.</param>
    /// <param name="caller">The user of the token, who sees and changes only his own.</param>
    public (int Status, string Body) Handle(string method, string path, string? name, string body, string project, string caller)
    {
        var parts = path.Split('/');
        if (parts is not [var user, "application_credentials", .. var rest])
        {
            return Error(404, "Not Found", "The resource could not be found.");
        }
        if (user != caller)
        {
            return Error(403, "Forbidden",
                "You are not authorized to perform the requested action: identity:list_application_credentials.");
        }
        switch (method)
        {
            case "GET" when rest.Length == 0:
                var mine = Credentials.Where(one => one.User == user && (name is null || one.Name == name))
                    .Select(one => one.ToJson(secret: false));
                return (200, new JsonObject
                {
                    ["application_credentials"] = new JsonArray([.. mine]),
                    ["links"] = new JsonObject { ["next"] = null }
                }.ToJsonString());
            case "POST" when rest.Length == 0:
                var wanted = JsonNode.Parse(body)!["application_credential"]!;
                if (Credentials.Any(one => one.User == user && one.Name == (string?)wanted["name"]))
                {
                    return Error(409, "Conflict",
                        "Conflict occurred attempting to store application_credential - Duplicate entry found with name.");
                }
                var id = $"credential-{++_made}";
                Credentials.Add(new(id, user, project, (string)wanted["name"]!, (string?)wanted["description"], $"secret of {id}"));
                return (201, new JsonObject { ["application_credential"] = Credentials[^1].ToJson(secret: true) }.ToJsonString());
            case "DELETE" when rest is [var deleted]:
                return Credentials.RemoveAll(one => one.User == user && one.Id == deleted) == 1 ? (204, "") : Unknown(deleted);
            default:
                return Error(404, "Not Found", "The resource could not be found.");
        }
    }

    /// <summary>Checks a login. An unknown id is 404, a wrong secret 401 (keystone/auth/plugins/core.py, AppCredInfo).</summary>
    public (FakeApplicationCredential? Found, int Status, string Body) Login(JsonNode login)
    {
        var (id, name) = ((string?)login["id"], (string?)login["name"]);
        if (Credentials.Find(one => id is null ? one.Name == name : one.Id == id) is not { } found)
        {
            var (unknown, text) = Unknown(id ?? name!);
            return (null, unknown, text);
        }
        var (refused, why) = Error(401, "Unauthorized", "The request you have made requires authentication.");
        return found.Secret == (string?)login["secret"] ? (found, 201, "") : (null, refused, why);
    }

    private static (int, string) Unknown(string id) => Error(404, "Not Found", $"Could not find Application Credential: {id}.");

    private static (int, string) Error(int status, string title, string message) =>
        (status, new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = status,
                ["title"] = title,
                ["message"] = message
            }
        }.ToJsonString());
}
