namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A health monitor to create.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Type">How it checks.</param>
/// <param name="Delay">The seconds between checks.</param>
/// <param name="Timeout">The seconds that a check may take, less than <paramref name="Delay"/>.</param>
/// <param name="MaxRetries">How many good checks bring a member back, 1 to 10.</param>
public sealed record NewHealthMonitor(string PoolId, HealthMonitorType Type, int Delay = 5, int Timeout = 3, int MaxRetries = 2)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The number of failed checks after which a member is in error, 1 to 10; <c>null</c> for 3.</summary>
    public int? MaxRetriesDown { get; init; }

    /// <summary>The method of HTTP checks; <c>null</c> for GET.</summary>
    public string? HttpMethod { get; init; }

    /// <summary>The path that HTTP checks ask for.</summary>
    public string? UrlPath { get; init; }

    /// <summary>
    /// The statuses of a healthy member: one such as <c>200</c>, a list such as <c>200, 202</c>, or a range such as <c>200-204</c>;
    /// <c>null</c> for 200.
    /// </summary>
    public string? ExpectedCodes { get; init; }

    /// <summary>The version of HTTP, 1.0 or 1.1.</summary>
    public decimal? HttpVersion { get; init; }

    /// <summary>The host name that the checks send; it needs <see cref="HttpVersion"/> 1.1.</summary>
    public string? DomainName { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
