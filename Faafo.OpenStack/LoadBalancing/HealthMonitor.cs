using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The health check of a pool's members.</summary>
public sealed record HealthMonitor : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>How it checks.</summary>
    public HealthMonitorType? Type { get; init; }

    /// <summary>The seconds between checks.</summary>
    public int Delay { get; init; }

    /// <summary>The seconds that a check may take.</summary>
    public int Timeout { get; init; }

    /// <summary>The number of successful checks after which a member is online again.</summary>
    public int MaxRetries { get; init; }

    /// <summary>The number of failed checks after which a member is in error.</summary>
    public int MaxRetriesDown { get; init; }

    /// <summary>The method of HTTP checks.</summary>
    public string? HttpMethod { get; init; }

    /// <summary>The path that HTTP checks request.</summary>
    public string? UrlPath { get; init; }

    /// <summary>The statuses of a healthy member: <c>200</c>, <c>200, 202</c> or <c>200-204</c>.</summary>
    public string? ExpectedCodes { get; init; }

    /// <summary>The version of HTTP, 1.0 or 1.1; <c>null</c> for the provider's default.</summary>
    public decimal? HttpVersion { get; init; }

    /// <summary>The host name that HTTP 1.1 checks send.</summary>
    public string? DomainName { get; init; }

    /// <summary>Whether the monitor is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>The same states as of a load balancer.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE or OFFLINE.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The ids of the pools that it checks: one.</summary>
    [JsonPropertyName("pools")]
    [JsonConverter(typeof(IdListConverter))]
    public IReadOnlyList<string> PoolIds { get => field ?? []; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }
}
