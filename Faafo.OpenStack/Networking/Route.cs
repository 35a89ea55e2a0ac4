using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A route.</summary>
/// <param name="Destination">The range, such as <c>10.1.0.0/16</c>.</param>
/// <param name="NextHop">The address that packets for it are sent to.</param>
public sealed record Route(string Destination, [property: JsonPropertyName("nexthop")] string NextHop);
