using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A floating address: public, and movable from port to port.</summary>
public sealed record FloatingIP : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The public address.</summary>
    [JsonPropertyName("floating_ip_address")]
    public required string Address { get; init; }

    /// <summary>The external network it is from.</summary>
    public string? FloatingNetworkId { get; init; }

    /// <summary>The port it leads to; <c>null</c> when it is unused.</summary>
    public string? PortId { get; init; }

    /// <summary>The private address it leads to.</summary>
    public string? FixedIpAddress { get; init; }

    /// <summary>The status.</summary>
    public FloatingIPStatus? Status { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>How often it has changed, on clouds that count.</summary>
    public int? RevisionNumber { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project under its older name.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}
