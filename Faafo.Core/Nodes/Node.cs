namespace Faafo.Nodes;

/// <summary>A node as <c>GET /v1/nodes</c> lists it.</summary>
/// <param name="Name">Its name, unique in the flock.</param>
/// <param name="State">Its own word, or <see cref="NodeState.Stale"/> after three missed beats.</param>
/// <param name="Drain">Whether it has been told to leave.</param>
/// <param name="LastSeen">When its last heartbeat came.</param>
/// <param name="Report">The last heartbeat.</param>
public sealed record Node(string Name, NodeState State, bool Drain, DateTimeOffset LastSeen, NodeReport Report);
