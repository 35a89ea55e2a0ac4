namespace Faafo.Scaler.Policy;

/// <summary>Where a worker is in its life.</summary>
internal enum WorkerState
{
    /// <summary>Created, not heard of yet.</summary>
    Booting,

    /// <summary>Sends heartbeats and takes tasks.</summary>
    Ready,

    /// <summary>Finishes what it holds.</summary>
    Draining,

    /// <summary>Has missed its heartbeats.</summary>
    Silent,

    /// <summary>Left in order; only its record is to be removed.</summary>
    Left,

    /// <summary>Ended without a word.</summary>
    Dead,
}

/// <summary>One worker as it was observed.</summary>
/// <param name="Id">The instance's id in its cloud.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Busy">Tasks it holds; null when that could not be read.</param>
/// <param name="LoadPerCpu">One-minute load average per cpu; null when unknown.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="LastSeen">When its last heartbeat came; null when none has.</param>
/// <param name="Outdated">Whether an operator wants another one in its place.</param>
/// <param name="Place">Its number where those up to min have addresses that others were told; null where any is as good as another.</param>
internal sealed record WorkerView(
    string Id, string Name, WorkerState State, int? Busy, double? LoadPerCpu, DateTimeOffset CreatedAt, DateTimeOffset? LastSeen,
    bool Outdated = false, int? Place = null);

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
    public required IReadOnlyList<WorkerView> Workers { get; init; }

    /// <summary>An operator has stopped all changes.</summary>
    public bool Paused { get; init; }

    /// <summary>A size that an operator has ordered.</summary>
    public int? FixedSize { get; init; }
}

/// <summary>What is to be done, and why.</summary>
/// <param name="Wanted">Workers wanted.</param>
/// <param name="Create">Workers to create now.</param>
/// <param name="Drain">Workers to drain now.</param>
/// <param name="Undrain">Workers whose drain is to be taken back.</param>
/// <param name="Delete">Instances to remove, by id, each with its reason.</param>
/// <param name="Reason">The numbers that led here, in words.</param>
internal sealed record Decision(int Wanted, int Create, IReadOnlyList<WorkerView> Drain, IReadOnlyList<WorkerView> Undrain,
    IReadOnlyList<(WorkerView Worker, string Reason)> Delete, string Reason);
