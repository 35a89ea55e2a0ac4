using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A load balancer.</summary>
public sealed record LoadBalancer : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The state of its configuration: only an ACTIVE balancer accepts changes.</summary>
    public required ProvisioningStatus ProvisioningStatus { get; init; }

    /// <summary>The health of the traffic.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The address that clients connect to.</summary>
    public string? VipAddress { get; init; }

    /// <summary>The port of that address, for a floating IP.</summary>
    public string? VipPortId { get; init; }

    /// <summary>The subnet of that address.</summary>
    public string? VipSubnetId { get; init; }

    /// <summary>The network of that address.</summary>
    public string? VipNetworkId { get; init; }

    /// <summary>The provider, such as <c>amphora</c> or <c>ovn</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>Whether the load balancer is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project under its older name.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}
