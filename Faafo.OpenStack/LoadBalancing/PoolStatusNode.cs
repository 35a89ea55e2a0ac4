using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>The statuses of a pool in a <see cref="LoadBalancerStatusTree"/>.</summary>
public sealed record PoolStatusNode
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>ACTIVE, PENDING_UPDATE, ERROR and others.</summary>
    public ProvisioningStatus? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, OFFLINE, DEGRADED, ERROR and others.</summary>
    public OperatingStatus? OperatingStatus { get; init; }

    /// <summary>The monitor; <c>null</c> if there is none.</summary>
    public HealthMonitorStatusNode? HealthMonitor { get => field is { Id: "" } ? null : field; init; }

    /// <summary>The members.</summary>
    public IReadOnlyList<MemberStatusNode> Members { get => field ?? []; init; }

    /// <summary>The monitor under the name that the API reference gives; Octavia itself sends the other.</summary>
    [JsonInclude]
    [JsonPropertyName("healthmonitor")]
    internal HealthMonitorStatusNode? DocumentedHealthMonitor { init => HealthMonitor ??= value; }
}
