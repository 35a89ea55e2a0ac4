using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>A request as a service sees it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The raw path.</param>
/// <param name="Query">The parameters of the query.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body.</param>
public sealed record SimulatedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The user of the token.</summary>
    public string User { get; init; } = "";

    /// <summary>The project of the token.</summary>
    public string Project { get; init; } = "";

    /// <summary>Whether the token is an administrator's.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether it may change something.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");

    /// <summary>The segments of the path.</summary>
    public string[] Segments { get; init; } = [];

    /// <summary>The object under a key of the body.</summary>
    public JsonObject Json(string key) => JsonNode.Parse(Body)![key]!.AsObject();
}
