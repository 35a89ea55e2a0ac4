using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A pool to create.</summary>
/// <param name="Protocol">HTTP, HTTPS, TCP, UDP and others.</param>
/// <param name="LbAlgorithm">ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP and others.</param>
public sealed record NewPool(string Protocol, string LbAlgorithm = "ROUND_ROBIN")
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The listener whose traffic it gets; <c>null</c> for a pool that no listener uses yet.</summary>
    public string? ListenerId { get; init; }

    [JsonInclude]
    internal string? LoadbalancerId { get; init; }
}
