namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A load balancer to create.</summary>
/// <param name="Name">The name.</param>
/// <param name="VipSubnetId">The subnet of its address.</param>
public sealed record NewLoadBalancer(string Name, string VipSubnetId)
{
    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The address; <c>null</c> for any of the subnet.</summary>
    public string? VipAddress { get; init; }

    /// <summary>The provider, such as <c>amphora</c> or <c>ovn</c>; <c>null</c> for the cloud's default.</summary>
    public string? Provider { get; init; }

    /// <summary>The id of Octavia's flavor.</summary>
    public string? FlavorId { get; init; }

    /// <summary>Octavia's availability zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
