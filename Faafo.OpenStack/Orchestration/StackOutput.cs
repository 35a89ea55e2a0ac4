using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

/// <summary>A value that a template gives back.</summary>
public sealed record StackOutput
{
    /// <summary>The name.</summary>
    [JsonPropertyName("output_key")]
    public required string Key { get; init; }

    /// <summary>The value.</summary>
    [JsonPropertyName("output_value")]
    public JsonElement Value { get; init; }

    /// <summary>Why there is no value.</summary>
    [JsonPropertyName("output_error")]
    public string? Error { get; init; }
}
