namespace Faafo.Scaler.Policy;

/// <summary>A group in one round: the instances that stay, counted, and the size that is wanted.</summary>
/// <param name="State">What the policy remembers.</param>
/// <param name="Observation">What was observed.</param>
/// <param name="Options">How the group is scaled.</param>
/// <param name="Unhealthy">The instances to delete.</param>
/// <param name="Staying">The others.</param>
internal sealed record GroupStatus(PolicyState State, Observation Observation, PolicyOptions Options,
    IReadOnlyList<Removal> Unhealthy, IReadOnlyList<InstanceObservation> Staying)
{
    /// <summary>Instances that work.</summary>
    public int Ready { get; } = Count(Staying, InstanceState.Ready);

    /// <summary>Instances that boot.</summary>
    public int Booting { get; } = Count(Staying, InstanceState.Booting);

    /// <summary>Instances that have missed heartbeats.</summary>
    public int Silent { get; } = Count(Staying, InstanceState.Silent);

    /// <summary>Instances that drain.</summary>
    public int Draining { get; } = Count(Staying, InstanceState.Draining);

    /// <summary>Instances that an operator holds: no capacity, but they count towards max.</summary>
    public int Unavailable { get; } = Count(Staying, InstanceState.Unavailable);

    /// <summary>
    /// Instances that work or are expected to. A silent one may send a heartbeat in the next second: it counts until it is given up.
    /// </summary>
    public int Present => Ready + Booting + Silent;

    /// <summary>Instances that should be deleted and that the provider has refused to delete: they count towards max too.</summary>
    public int Undeletable { get; } = Unhealthy.Count(removal => removal.Refusals > 0);

    /// <summary>Instances wanted, between min and max.</summary>
    public int Wanted { get; init; }

    /// <summary>The numbers behind the decision, in words.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Whether failed boots delay the next one.</summary>
    public bool IsBackingOff => State.RetryAt is { } retry && Observation.Now < retry;

    /// <summary>Decides to change no size; unhealthy instances are deleted all the same.</summary>
    public Decision Hold(string because) => new(Wanted, 0, [], [], [.. Unhealthy.Where(IsDue)], Summary + because);

    private bool IsDue(Removal removal) =>
        !State.Refusals.TryGetValue(removal.Instance.Id, out var refusal) || refusal.RetryAt <= Observation.Now;

    private static int Count(IEnumerable<InstanceObservation> instances, InstanceState state) =>
        instances.Count(instance => instance.State == state);
}
