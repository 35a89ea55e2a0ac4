using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>What a node does at the moment.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>Takes work.</summary>
    Ready,

    /// <summary>Takes nothing new and finishes what it holds.</summary>
    Draining,

    /// <summary>Has said good-bye: holds nothing and can be deleted.</summary>
    Left,

    /// <summary>Has missed three heartbeats; only the API says this of a node.</summary>
    Stale,
}
