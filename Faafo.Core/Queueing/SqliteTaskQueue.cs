using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Faafo.Queueing;

/// <summary>
/// The queue in one SQLite file, shared by the processes of one machine. A worker leases a task for <see cref="Lease"/> and renews the
/// lease while it is alive; the lease of a dead worker expires and its task is delivered again. The position of a task is its id.
/// </summary>
internal sealed class SqliteTaskQueue(string path, TimeProvider time) : ITaskQueue
{
    /// <summary>Time after which a dead worker's task is delivered again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // An idle worker polls at this interval; one indexed read of an empty table takes some 20 microseconds.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, SqliteConsumer> _consumers = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly SqliteQueueFile _file = new(path, time);

    public Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken) =>
        _file.PublishAsync(messages, cancellationToken);

    public async IAsyncEnumerable<Delivery> ReceiveAsync(int prefetch, [EnumeratorCancellation] CancellationToken stop)
    {
        var consumer = new SqliteConsumer(_file, prefetch, time);
        var fetched = new Queue<SqliteDelivery>();
        _consumers[consumer.Owner] = consumer;
        _ = RenewLeasesAsync(consumer);
        try
        {
            while (await WaitAsync(async () => fetched = await consumer.FetchAsync(stop), stop))
            {
                if (fetched.Count == 0 && !await WaitAsync(() => Task.Delay(PollInterval, time, stop), stop))
                {
                    break;
                }
                while (!stop.IsCancellationRequested && fetched.TryDequeue(out var delivery))
                {
                    yield return delivery;
                }
            }
        }
        finally
        {
            consumer.StopReceiving(fetched);
            if (!_closed.IsCancellationRequested)
            {
                while (fetched.TryDequeue(out var waiting))
                {
                    await waiting.ReturnAsync(CancellationToken.None);
                }
                await _file.RemoveConsumerAsync(consumer.Owner, CancellationToken.None);
            }
        }
    }

    public Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken) => _file.GetDepthAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        foreach (var (owner, _) in _consumers)
        {
            try
            {
                await _file.ReleaseConsumerAsync(owner, CancellationToken.None);
            }
            catch (QueueUnavailableException)
            {
                // The leases expire.
            }
        }
        _consumers.Clear();
        await _file.DisposeAsync();
    }

    private async Task RenewLeasesAsync(SqliteConsumer consumer)
    {
        try
        {
            await consumer.RenewLeasesAsync(_closed.Token);
            _consumers.TryRemove(consumer.Owner, out _);
        }
        catch (OperationCanceledException)
        {
            // Closed: DisposeAsync releases the leases.
        }
    }

    private static async Task<bool> WaitAsync(Func<Task> wait, CancellationToken stop)
    {
        try
        {
            await wait();
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
