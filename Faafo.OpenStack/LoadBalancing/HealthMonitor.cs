namespace Faafo.OpenStack.LoadBalancing;

/// <summary>How a pool's members are checked.</summary>
public sealed record HealthMonitor
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>HTTP, HTTPS, PING, TCP and others.</summary>
    public string? Type { get; init; }

    /// <summary>The seconds between checks.</summary>
    public int Delay { get; init; }

    /// <summary>The seconds that a check may take.</summary>
    public int Timeout { get; init; }

    /// <summary>How many good checks bring a member back.</summary>
    public int MaxRetries { get; init; }
}
