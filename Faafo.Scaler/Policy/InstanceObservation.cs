namespace Faafo.Scaler.Policy;

/// <summary>One worker as it was observed.</summary>
/// <param name="Id">The instance's id in its cloud.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Busy">Tasks it holds; null when that could not be read.</param>
/// <param name="LoadPerCpu">One-minute load average per cpu; null when unknown.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="LastSeen">When its last heartbeat came; null when none has.</param>
/// <param name="Drifted">Whether an operator wants another one in its place.</param>
/// <param name="Ordinal">Its number where those up to min have addresses that others were told; null where any is as good as another.</param>
internal sealed record InstanceObservation(
    string Id, string Name, InstanceState State, int? Busy, double? LoadPerCpu, DateTimeOffset CreatedAt, DateTimeOffset? LastSeen,
    bool Drifted = false, int? Ordinal = null);
