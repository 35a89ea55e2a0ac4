using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack;

/// <summary>An application credential.</summary>
public sealed record FakeApplicationCredential(string Id, string User, string Project, string Name, string? Description, string Secret)
{
    public JsonObject ToJson(bool secret)
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["name"] = Name,
            ["description"] = Description,
            ["project_id"] = Project,
            ["roles"] = new JsonArray(),
            ["expires_at"] = null,
            ["unrestricted"] = false,
        };
        if (secret)
        {
            json["secret"] = Secret;
        }
        return json;
    }
}
