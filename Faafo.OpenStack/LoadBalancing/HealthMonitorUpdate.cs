namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Changes of a health monitor; <c>null</c> leaves a property unchanged. Its type and its pool cannot change.</summary>
public sealed record HealthMonitorUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The seconds between checks.</summary>
    public int? Delay { get; init; }

    /// <summary>The seconds that a check may take, less than <see cref="Delay"/>.</summary>
    public int? Timeout { get; init; }

    /// <summary>The number of successful checks after which a member is online again, 1 to 10.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>The number of failed checks after which a member is in error, 1 to 10.</summary>
    public int? MaxRetriesDown { get; init; }

    /// <summary>The method of HTTP checks.</summary>
    public string? HttpMethod { get; init; }

    /// <summary>The path that HTTP checks request.</summary>
    public string? UrlPath { get; init; }

    /// <summary>The statuses of a healthy member: <c>200</c>, <c>200, 202</c> or <c>200-204</c>.</summary>
    public string? ExpectedCodes { get; init; }

    /// <summary>The version of HTTP, 1.0 or 1.1.</summary>
    public decimal? HttpVersion { get; init; }

    /// <summary>The host name that HTTP 1.1 checks send.</summary>
    public string? DomainName { get; init; }

    /// <summary>Whether the monitor is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>All tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
