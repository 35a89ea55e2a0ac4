using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A rule of a security group.</summary>
public sealed record SecurityGroupRule : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The group.</summary>
    public string? SecurityGroupId { get; init; }

    /// <summary>The direction.</summary>
    public required RuleDirection Direction { get; init; }

    /// <summary>The version of IP.</summary>
    [JsonPropertyName("ethertype")]
    public EtherType? EtherType { get; init; }

    /// <summary>The protocol; <c>null</c> for all.</summary>
    public RuleProtocol? Protocol { get; init; }

    /// <summary>The first port; <c>null</c> for all.</summary>
    public int? PortRangeMin { get; init; }

    /// <summary>The last port; <c>null</c> for all.</summary>
    public int? PortRangeMax { get; init; }

    /// <summary>The other side's addresses.</summary>
    public string? RemoteIpPrefix { get; init; }

    /// <summary>The other side's security group.</summary>
    public string? RemoteGroupId { get; init; }
}
