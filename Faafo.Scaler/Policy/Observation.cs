namespace Faafo.Scaler.Policy;

/// <summary>The input of a decision on one group. A reading that failed is null, never zero.</summary>
internal sealed record Observation
{
    /// <summary>
    /// When it was made, as time since the loop began on a monotonic clock: a correction of the wall clock is no passing of time.
    /// </summary>
    public required TimeSpan Now { get; init; }

    /// <summary>Tasks that wait or are in progress.</summary>
    public long? Tasks { get; init; }

    /// <summary>Pixels times iterations of the unfinished fractals.</summary>
    public long? WorkWaiting { get; init; }

    /// <summary>Pixels times iterations that all workers together finish per second.</summary>
    public double? WorkPerSecond { get; init; }

    /// <summary>
    /// Whether the group is sized by load: a balancer spreads it, so its sum over the group tells how many instances are needed. Workers
    /// take tasks as fast as they can, so their load does not tell how many tasks wait.
    /// </summary>
    public bool SharesLoad { get; init; }

    /// <summary>The group's instances.</summary>
    public required IReadOnlyList<InstanceObservation> Instances { get; init; }

    /// <summary>Whether an operator has paused the group.</summary>
    public bool Paused { get; init; }

    /// <summary>Whether the overrides have not been read since the loop began: an operator may have paused the group.</summary>
    public bool MayBePaused { get; init; }

    /// <summary>The size that an operator has set; null for none.</summary>
    public int? FixedSize { get; init; }
}
