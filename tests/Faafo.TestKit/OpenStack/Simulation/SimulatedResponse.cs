using System.Text;
using System.Text.Json.Nodes;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>A response of a service.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="Type">Its media type.</param>
public sealed record SimulatedResponse(int Status, byte[] Body, string Type = "application/json")
{
    /// <summary>The headers besides those of the body.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Whether the connection breaks in the middle of the body.</summary>
    public bool IsCut { get; init; }

    /// <summary>A response without a body.</summary>
    public static SimulatedResponse Empty(int status) => new(status, []);

    /// <summary>A response of JSON.</summary>
    public static SimulatedResponse Json(int status, JsonNode body) => new(status, Encoding.UTF8.GetBytes(body.ToJsonString()));

    /// <summary>A response of JSON under a key.</summary>
    public static SimulatedResponse Of(int status, string key, JsonNode body) => Json(status, new JsonObject { [key] = body });

    /// <summary>A list under a key.</summary>
    public static SimulatedResponse List(string key, IEnumerable<JsonNode> items) => Of(200, key, new JsonArray([.. items]));

    /// <summary>Adds a header.</summary>
    public SimulatedResponse With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }

    /// <summary>The message of HTTP.</summary>
    public HttpResponseMessage ToMessage(HttpRequestMessage request)
    {
        var content = IsCut ? (HttpContent)new StreamContent(new CutStream(Body[..(Body.Length / 2)])) : new ByteArrayContent(Body);
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)Status) { Content = content, RequestMessage = request };
        if (Body.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", Type);
        }
        foreach (var (key, value) in Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(key, value))
            {
                content.Headers.TryAddWithoutValidation(key, value);
            }
        }
        return response;
    }
}
