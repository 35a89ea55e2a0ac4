using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>What an operator has told the scaler about one group; kept by the API, so that any scaler finds it.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Paused">Nothing is added or removed while this is set.</param>
/// <param name="Size">A size that overrides the policy; null leaves it to the policy.</param>
public sealed record GroupOverrides(string Group, bool Paused, int? Size)
{
    /// <summary>Ids of instances that are to be replaced, one after the other, each when its successor works; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Replace { get; init; }
}
