using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

/// <summary>A stack.</summary>
public sealed record Stack
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, unique among the project's living stacks.</summary>
    [JsonPropertyName("stack_name")]
    public required string Name { get; init; }

    /// <summary>Action and state, such as CREATE_IN_PROGRESS, CREATE_COMPLETE or UPDATE_FAILED.</summary>
    [JsonPropertyName("stack_status")]
    public required string Status { get; init; }

    /// <summary>Why it has that status.</summary>
    [JsonPropertyName("stack_status_reason")]
    public string? StatusReason { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreationTime { get; init; }

    /// <summary>The outputs; a list of stacks does not have them.</summary>
    public IReadOnlyList<StackOutput> Outputs { get => field ?? []; init; }

    /// <summary>An output's value as text (anything but a text as JSON); <c>null</c> when there is none.</summary>
    public string? Output(string key) => Outputs.FirstOrDefault(output => output.Key == key)?.Value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } or null => null,
        { } other => other.GetRawText(),
    };
}
