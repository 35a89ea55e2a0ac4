namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The health check of a pool's members.</summary>
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

    /// <summary>The number of successful checks after which a member is online again.</summary>
    public int MaxRetries { get; init; }
}
