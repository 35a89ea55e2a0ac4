namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A health monitor to create.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Type">HTTP, HTTPS, PING, TCP and others.</param>
/// <param name="Delay">The seconds between checks.</param>
/// <param name="Timeout">The seconds that a check may take, less than <paramref name="Delay"/>.</param>
/// <param name="MaxRetries">How many good checks bring a member back, 1 to 10.</param>
public sealed record NewHealthMonitor(string PoolId, string Type, int Delay = 5, int Timeout = 3, int MaxRetries = 2)
{
    /// <summary>The path that HTTP checks ask for.</summary>
    public string? UrlPath { get; init; }
}
