namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Watches the lease of another holder by the own monotonic clock until it is free.</summary>
internal sealed class LeaseWatch<THolder>(
    LeaseObject<THolder> lease, THolder holder, Func<THolder, bool> hasEnded, ObjectLeaseOptions options, TimeProvider time)
    where THolder : class
{
    /// <summary>Waits until there is no lease, or one that was not renewed for its time to live.</summary>
    /// <returns>The lease as it was read last, and when that reading began.</returns>
    /// <exception cref="LeaseHeldException">Its holder renews it.</exception>
    public async Task<(LeaseSighting<THolder>? Free, long Asked)> UntilFreeAsync(CancellationToken cancellationToken)
    {
        LeaseSighting<THolder>? first = null;
        var since = time.GetTimestamp();
        while (true)
        {
            var asked = time.GetTimestamp();
            var found = await lease.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (found is null || HasEnded(found) || (found == first && time.GetElapsedTime(since, asked) >= options.TimeToLive))
            {
                return (found, asked);
            }
            if (found != first)
            {
                if (first is not null && !holder.Equals(first.Holder) && !holder.Equals(found.Holder))
                {
                    throw new LeaseHeldException(lease.Container, lease.Name, found.Holder);
                }
                (first, since) = (found, time.GetTimestamp());
            }
            await Task.Delay(options.RetryInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Only a holder that has renewed can be replaced at once: a candidate may have overwritten the lease of a living holder, which needs
    // time to notice it.
    private bool HasEnded(LeaseSighting<THolder> found) => hasEnded(found.Holder) && found.Renewals > 0;
}
