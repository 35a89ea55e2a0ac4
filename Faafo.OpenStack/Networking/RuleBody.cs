using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

internal sealed record RuleBody(
    string SecurityGroupId,
    RuleDirection Direction,
    [property: JsonPropertyName("ethertype")] EtherType EtherType,
    RuleProtocol? Protocol,
    int? PortRangeMin,
    int? PortRangeMax,
    string? RemoteIpPrefix,
    string? RemoteGroupId);
