using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

/// <summary>A stack.</summary>
public sealed record Stack : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, unique among the stacks that are not deleted.</summary>
    [JsonPropertyName("stack_name")]
    public required string Name { get; init; }

    /// <summary>Action and state, such as CREATE_IN_PROGRESS, CREATE_COMPLETE or UPDATE_FAILED.</summary>
    [JsonPropertyName("stack_status")]
    public required StackStatus Status { get; init; }

    /// <summary>The reason for the status.</summary>
    [JsonPropertyName("stack_status_reason")]
    public string? StatusReason { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreationTime { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }

    /// <summary>The outputs; empty in a list of stacks.</summary>
    public IReadOnlyList<StackOutput> Outputs { get => field ?? []; init; }

    /// <summary>Reads an output as text (values other than strings as JSON); <c>null</c> when there is none.</summary>
    public string? Output(string key) => Outputs.FirstOrDefault(output => output.Key == key)?.Value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } or null => null,
        { } other => other.GetRawText(),
    };
}
