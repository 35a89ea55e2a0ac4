namespace Faafo.OpenStack.Networking;

/// <summary>
/// Changes to a router; <c>null</c> leaves a property unchanged. See also <see cref="NetworkingService.ClearRouterGatewayAsync"/>.
/// </summary>
public sealed record RouterUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the router passes packets.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>The external network of its gateway.</summary>
    public GatewayInfo? ExternalGatewayInfo { get; init; }

    /// <summary>The routes besides those to its subnets; empty for none.</summary>
    public IReadOnlyList<Route>? Routes { get; init; }
}
