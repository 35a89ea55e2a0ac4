using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo.Scaler.Control;

/// <summary>What the loop saw last, for the screen.</summary>
/// <param name="Instances">The provider's instances.</param>
/// <param name="Nodes">What they report; null when the API is unreachable.</param>
/// <param name="Queue">The queue; null when the API is unreachable.</param>
/// <param name="Decision">The last decision on the workers, in words.</param>
internal sealed record Snapshot(IReadOnlyList<Instance> Instances, IReadOnlyList<Node>? Nodes, QueueReport? Queue, string Decision);
