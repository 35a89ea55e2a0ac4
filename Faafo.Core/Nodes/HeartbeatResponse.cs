using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>The response to a heartbeat.</summary>
/// <param name="Drain">Whether the node must drain: finish its tasks and exit.</param>
public sealed record HeartbeatResponse([property: JsonRequired] bool Drain);
