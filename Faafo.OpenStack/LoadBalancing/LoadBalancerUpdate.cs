namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Changes of a load balancer; <c>null</c> leaves a property unchanged. Its address cannot change.</summary>
public sealed record LoadBalancerUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the load balancer is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>All tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
