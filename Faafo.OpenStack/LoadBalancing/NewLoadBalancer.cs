namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A load balancer to create.</summary>
/// <param name="Name">The name.</param>
/// <param name="VipSubnetId">The subnet of its address.</param>
public sealed record NewLoadBalancer(string Name, string VipSubnetId)
{
    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
