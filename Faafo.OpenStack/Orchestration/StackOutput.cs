using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

/// <summary>An output of a stack.</summary>
public sealed record StackOutput
{
    /// <summary>The name.</summary>
    [JsonPropertyName("output_key")]
    public required string Key { get; init; }

    /// <summary>The value.</summary>
    [JsonPropertyName("output_value")]
    public JsonElement Value { get; init; }

    /// <summary>The reason for a missing value.</summary>
    [JsonPropertyName("output_error")]
    public string? Error { get; init; }
}
