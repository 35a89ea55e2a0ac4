namespace Faafo.Scaler.Policy;

/// <summary>One instance as it was observed.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Busy">Tasks that it works on; null when that could not be read.</param>
/// <param name="LoadPerCpu">One-minute load average per CPU; null when unknown.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="LastSeen">When it sent its last heartbeat; null before the first.</param>
/// <param name="Drifted">Whether it is to be replaced, by an operator's override or as displaced.</param>
/// <param name="Ordinal">Its number, in a group whose instances 1 to min have stable network identities; null in other groups.</param>
/// <param name="Held">
/// The provider's status of an instance that an operator has stopped, paused or locked or is changing; null for all others. It is neither
/// drained nor deleted.
/// </param>
internal sealed record InstanceObservation(
    string Id, string Name, InstanceState State, int? Busy, double? LoadPerCpu, DateTimeOffset CreatedAt, DateTimeOffset? LastSeen,
    bool Drifted = false, int? Ordinal = null, string? Held = null);
