namespace Faafo.Nodes;

/// <summary>A node in the list of <c>GET /v1/nodes</c>.</summary>
/// <param name="Name">The name, unique in the flock.</param>
/// <param name="State">The state that the node reported, or <see cref="NodeState.Stale"/> after three missed heartbeats.</param>
/// <param name="Drain">Whether its drain was requested.</param>
/// <param name="LastSeen">The time of the last heartbeat.</param>
/// <param name="Report">The last heartbeat.</param>
public sealed record Node(string Name, NodeState State, bool Drain, DateTimeOffset LastSeen, NodeReport Report);
