using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

/// <summary>A resource of a stack.</summary>
public sealed record StackResource : ServiceResource
{
    /// <summary>The name in the template.</summary>
    [JsonPropertyName("resource_name")]
    public required string Name { get; init; }

    /// <summary>The type, such as <c>OS::Nova::Server</c>.</summary>
    [JsonPropertyName("resource_type")]
    public required string Type { get; init; }

    /// <summary>The id of the created resource, such as a server's; empty before its creation.</summary>
    [JsonPropertyName("physical_resource_id")]
    public string? PhysicalId { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreationTime { get; init; }

    /// <summary>Action and state, such as CREATE_COMPLETE.</summary>
    [JsonPropertyName("resource_status")]
    public StackStatus? Status { get; init; }

    /// <summary>The reason for the status.</summary>
    [JsonPropertyName("resource_status_reason")]
    public string? StatusReason { get; init; }
}
