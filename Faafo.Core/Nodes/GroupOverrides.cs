using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>An operator's overrides of a group. The API stores them, so that every scaler applies them.</summary>
/// <param name="Group">The name of the group.</param>
/// <param name="Paused">Whether the scaler adds and removes nothing.</param>
/// <param name="Size">The size; null leaves it to the policy.</param>
public sealed record GroupOverrides(string Group, bool Paused, int? Size)
{
    /// <summary>
    /// The version, which every change raises; 0 before the first. A change that names one is rejected unless it is the current one, so
    /// that of two operators neither undoes the other's change. Null changes whatever is there.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Version { get; init; }

    /// <summary>
    /// The ids of the instances to replace, one after the other, each once its successor is ready; null for none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Replace { get; init; }
}
