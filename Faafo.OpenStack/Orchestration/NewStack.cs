using System.Text.Json;

namespace Faafo.OpenStack.Orchestration;

/// <summary>A stack to create, or the new state of one to update.</summary>
/// <param name="Name">The name: it starts with a letter, and has letters, digits, "_", "-" and ".".</param>
/// <param name="Template">The template, YAML or JSON.</param>
public sealed record NewStack(string Name, string Template)
{
    /// <summary>The parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The files that the template refers to, by name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment, YAML or JSON.</summary>
    public string? Environment { get; init; }

    /// <summary>The tags, up to 80 characters each and without ","; an update without them removes them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The time after which Heat fails the operation, in whole minutes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether Heat deletes a stack that fails; <c>false</c> keeps it for inspection.</summary>
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
        if (Tags.Count > 0)
        {
            json.WriteString("tags", string.Join(',', Tags));
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
