namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A port that a balancer listens on.</summary>
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

    /// <summary>The pool that gets the traffic.</summary>
    public string? DefaultPoolId { get; init; }

    /// <summary>As of a balancer.</summary>
    public string? ProvisioningStatus { get; init; }
}
