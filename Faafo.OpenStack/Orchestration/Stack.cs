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

/// <summary>A resource of a stack.</summary>
public sealed record StackResource
{
    /// <summary>The name in the template.</summary>
    [JsonPropertyName("resource_name")]
    public required string Name { get; init; }

    /// <summary>The type, such as <c>OS::Nova::Server</c>.</summary>
    [JsonPropertyName("resource_type")]
    public required string Type { get; init; }

    /// <summary>The id of what was made, such as a server's; empty before it is.</summary>
    [JsonPropertyName("physical_resource_id")]
    public string? PhysicalId { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreationTime { get; init; }

    /// <summary>Action and state, such as CREATE_COMPLETE.</summary>
    [JsonPropertyName("resource_status")]
    public string? Status { get; init; }

    /// <summary>Why it has that status.</summary>
    [JsonPropertyName("resource_status_reason")]
    public string? StatusReason { get; init; }
}

/// <summary>A stack to be made, or what to change one to.</summary>
/// <param name="Name">The name: it starts with a letter, and has letters, digits, "_", "-" and ".".</param>
/// <param name="Template">The template, YAML or JSON.</param>
public sealed record NewStack(string Name, string Template)
{
    /// <summary>The parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Files that the template refers to, by the name it uses.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment, YAML or JSON.</summary>
    public string? Environment { get; init; }

    /// <summary>After how long Heat gives up, in whole minutes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether a stack that fails is taken down again; <c>false</c> leaves it to be looked at.</summary>
    public bool Rollback { get; init; }

    internal byte[] ToJson() => Json.Write(json =>
    {
        json.WriteString("stack_name", Name);
        json.WriteString("template", Template);
        json.WriteBoolean("disable_rollback", !Rollback);
        WriteTexts(json, "parameters", Parameters);
        WriteTexts(json, "files", Files);
        if (Environment is not null)
        {
            json.WriteString("environment", Environment);
        }

        if (Timeout is { } limit)
        {
            json.WriteNumber("timeout_mins", Math.Max(1, (int)limit.TotalMinutes));
        }
    });

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> texts)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in texts)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}

internal sealed record StackReference(string Id);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Stack))]
[JsonSerializable(typeof(StackReference))]
[JsonSerializable(typeof(StackResource))]
internal sealed partial class OrchestrationJson : JsonSerializerContext;
