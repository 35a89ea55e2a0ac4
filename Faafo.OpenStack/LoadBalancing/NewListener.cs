namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A listener to create.</summary>
/// <param name="LoadbalancerId">The balancer.</param>
/// <param name="Protocol">HTTP, HTTPS, TCP, UDP and others.</param>
/// <param name="ProtocolPort">The port, 1 to 65535.</param>
public sealed record NewListener(string LoadbalancerId, string Protocol, int ProtocolPort)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The pool that gets the traffic, if it exists already.</summary>
    public string? DefaultPoolId { get; init; }
}
