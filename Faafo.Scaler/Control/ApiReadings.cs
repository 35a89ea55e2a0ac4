using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo.Scaler.Control;

/// <summary>What one round has read from the API. A reading that failed is null, never zero.</summary>
/// <param name="Nodes">What the nodes report.</param>
/// <param name="Queue">The queue.</param>
/// <param name="Overrides">
/// The operators' overrides; those of the last successful reading when this one failed, null before the first.
/// </param>
/// <param name="FailedStatus">The HTTP status of the API's last error, 0 when it did not respond; null while it responds.</param>
internal sealed record ApiReadings(
    IReadOnlyList<Node>? Nodes, QueueReport? Queue, IReadOnlyList<GroupOverrides>? Overrides, int? FailedStatus = null);
