using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

/// <summary>A change of a stack's or a resource's status.</summary>
public sealed record StackEvent : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>When it happened.</summary>
    [JsonPropertyName("event_time")]
    public DateTimeOffset? Time { get; init; }

    /// <summary>The name of the resource in the template, or that of the stack.</summary>
    public string ResourceName { get => field ?? ""; init; }

    /// <summary>The id of the created resource, such as a server's; empty before its creation.</summary>
    [JsonPropertyName("physical_resource_id")]
    public string? PhysicalId { get; init; }

    /// <summary>Action and state, such as CREATE_IN_PROGRESS.</summary>
    [JsonPropertyName("resource_status")]
    public StackStatus? Status { get; init; }

    /// <summary>The reason for the status.</summary>
    [JsonPropertyName("resource_status_reason")]
    public StackStatus? StatusReason { get; init; }
}
