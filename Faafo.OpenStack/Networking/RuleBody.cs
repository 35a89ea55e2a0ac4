using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

internal sealed record RuleBody(
    string SecurityGroupId,
    string Direction,
    [property: JsonPropertyName("ethertype")] string EtherType,
    string? Protocol,
    int? PortRangeMin,
    int? PortRangeMax,
    string? RemoteIpPrefix,
    string? RemoteGroupId);
