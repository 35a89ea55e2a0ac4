namespace Faafo.Scaler.Policy;

/// <summary>How a group is scaled.</summary>
internal sealed record PolicyOptions
{
    /// <summary>Tasks waiting or in progress for each slot of a worker, unless <see cref="TasksPerWorker"/> is set.</summary>
    public const int TasksPerSlot = 4;

    /// <summary>Fewest instances, 0 or more.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Most instances, at least <see cref="Min"/>.</summary>
    public int Max { get; init; } = 4;

    /// <summary>Tasks waiting or in progress for which one worker is wanted.</summary>
    public double TasksPerWorker { get; init; } = TasksPerSlot;

    /// <summary>
    /// Time within which the waiting work should be done, once the workers' speed is known. Null, the default, sizes by the number of
    /// tasks only: estimated work asks for several times as many workers as the tasks need.
    /// </summary>
    public TimeSpan? WorkTarget { get; init; }

    /// <summary>
    /// For workers the load average per CPU above which one more is wanted while tasks wait; for APIs the share of the group's load that
    /// one is to carry. Null, the default, ignores load: a busy worker's is always high, and instances on one host share one load.
    /// </summary>
    public double? LoadTarget { get; init; }

    /// <summary>
    /// Relative difference between the instances that the readings ask for, before min and max limit them, and those present that is too
    /// small for a change.
    /// </summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Stabilization window of scale-in: how long fewer instances must have been enough before idle ones are drained.</summary>
    public TimeSpan ScaleInWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether scale-in must remove the oldest instance, as Heat does; otherwise it removes the newest.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>Most instances added in one step; as many as are present may always be added.</summary>
    public int MaxStep { get; init; } = 4;

    /// <summary>How long an instance may take from its creation to its first heartbeat.</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
