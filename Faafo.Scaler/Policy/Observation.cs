namespace Faafo.Scaler.Policy;

/// <summary>What the policy decides on. A reading that failed is null, never zero.</summary>
internal sealed record Observation
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Tasks that wait or are held by workers.</summary>
    public long? Tasks { get; init; }

    /// <summary>Pixels times iterations of the unfinished fractals.</summary>
    public long? WorkWaiting { get; init; }

    /// <summary>Pixels times iterations finished per second by all workers together.</summary>
    public double? WorkPerSecond { get; init; }

    /// <summary>
    /// Whether load is what the group is sized by: a balancer spreads it, so its sum over the group says how many are wanted. Workers take
    /// tasks as fast as they can, and their load says nothing of how many wait.
    /// </summary>
    public bool SharesLoad { get; init; }

    /// <summary>The group's workers.</summary>
    public required IReadOnlyList<InstanceObservation> Instances { get; init; }

    /// <summary>An operator has stopped all changes.</summary>
    public bool Paused { get; init; }

    /// <summary>A size that an operator has ordered.</summary>
    public int? FixedSize { get; init; }
}
