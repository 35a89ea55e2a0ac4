namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The times of an <see cref="ObjectLease{THolder}"/>.</summary>
public sealed record ObjectLeaseOptions
{
    /// <summary>How long Swift keeps the object after a renewal.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the holder may act after it sent a renewal; the rest of the object's life is for its calls in flight.</summary>
    public TimeSpan Term { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The time between two renewals.</summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The time between a failed renewal and the next one.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time limit of one renewal.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The wait before the new object is read again. Swift checks whether an object exists and stores it a moment later, so several
    /// concurrent callers may all succeed (swift/obj/server.py, PUT). The owner is known once all of them have been stored.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock; <c>null</c> for that of the client.</summary>
    public TimeProvider? TimeProvider { get; init; }
}
