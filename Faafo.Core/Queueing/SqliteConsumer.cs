using System.Collections.Concurrent;

namespace Faafo.Queueing;

/// <summary>
/// One sequence of tasks from the SQLite queue: its name in the file, its free places, and the tasks whose leases it renews.
/// </summary>
#pragma warning disable CA1001 // A semaphore without a wait handle has nothing to release, and tasks are settled after the end.
internal sealed class SqliteConsumer(SqliteQueueFile file, int prefetch, TimeProvider time)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _free = new(prefetch);
    private readonly ConcurrentDictionary<long, bool> _held = new();
    private volatile bool _isReceiving = true;

    /// <summary>Name of the consumer in the file.</summary>
    public string Owner { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Waits until a place is free, then leases as many tasks as places are free.</summary>
    public async Task<Queue<SqliteDelivery>> FetchAsync(CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        var places = 1;
        while (places < prefetch && _free.Wait(0, CancellationToken.None))
        {
            places++;
        }
        var fetched = new Queue<SqliteDelivery>();
        foreach (var task in await file.LeaseAsync(Owner, places, CancellationToken.None))
        {
            _held[task.Id] = true;      // after the commit: a task that was not leased must not be renewed
            fetched.Enqueue(new SqliteDelivery(file, this, task) { Body = task.Body, EarlierDeliveries = task.Deliveries - 1 });
        }
        if (places > fetched.Count)
        {
            _free.Release(places - fetched.Count);
        }
        return fetched;
    }

    /// <summary>Frees the place of a task, once.</summary>
    public void Settled(long id)
    {
        if (_held.TryRemove(id, out _))
        {
            _free.Release();
        }
    }

    /// <summary>
    /// Ends receiving. Tasks that were fetched but not handed out are no longer renewed; the others are in use and are renewed until they
    /// are settled.
    /// </summary>
    public void StopReceiving(IEnumerable<SqliteDelivery> notHandedOut)
    {
        _isReceiving = false;
        foreach (var delivery in notHandedOut)
        {
            _held.TryRemove(delivery.Id, out _);
        }
    }

    /// <summary>Renews the leases at a third of their length, until receiving has ended and no task is held.</summary>
    public async Task RenewLeasesAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SqliteTaskQueue.Lease / 3, time);
        do
        {
            try
            {
                await file.RenewAsync(Owner, _isReceiving, _held.Keys, cancellationToken);
            }
            catch (QueueUnavailableException)
            {
                // A full disk or a long lock. The next round retries; if all fail, the lease expires, which loses nothing.
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken) && (_isReceiving || !_held.IsEmpty));
    }
}
