namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A port that a load balancer listens on.</summary>
public sealed record Listener
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>HTTP, HTTPS, TCP, UDP and others.</summary>
    public string? Protocol { get; init; }

    /// <summary>The port.</summary>
    public int ProtocolPort { get; init; }

    /// <summary>The pool that receives the traffic.</summary>
    public string? DefaultPoolId { get; init; }

    /// <summary>The same states as of a load balancer.</summary>
    public string? ProvisioningStatus { get; init; }
}
