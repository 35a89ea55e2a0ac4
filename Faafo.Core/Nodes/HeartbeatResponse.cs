using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>What the API answers to a heartbeat.</summary>
/// <param name="Drain">The node is to finish what it holds and leave.</param>
public sealed record HeartbeatResponse([property: JsonRequired] bool Drain);
