using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>The state of a node.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>Accepts tasks.</summary>
    Ready,

    /// <summary>Accepts no new tasks and finishes those it holds.</summary>
    Draining,

    /// <summary>Exited in order: holds nothing and can be deleted.</summary>
    Left,

    /// <summary>Missed three heartbeats; only the API sets this state.</summary>
    Stale,
}
