namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The times of an <see cref="ObjectLease{THolder}"/>.</summary>
public sealed record ObjectLeaseOptions
{
    /// <summary>How long a lease that is not renewed is respected by others. They measure it by their own monotonic clocks.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long the holder may act after it sent a renewal. The difference from <see cref="TimeToLive"/> is for its last calls in flight.
    /// </summary>
    public TimeSpan Term { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The time between two renewals.</summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The time between a failed renewal and the next one, and between two looks at the lease of another.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time limit of one attempt to read or to renew the lease.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time limit between reading a free lease and having written it, and the wait after that before it is read again. Whoever else
    /// found it free has then written too, or has exceeded its own limit and does not act; the last writer has the lease.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The time after which Swift deletes an object that is not renewed (X-Delete-After). It only tidies up: it is long, so that a wrong
    /// clock of Swift cannot end a lease.
    /// </summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The clock; <c>null</c> for that of the client.</summary>
    public TimeProvider? TimeProvider { get; init; }
}
