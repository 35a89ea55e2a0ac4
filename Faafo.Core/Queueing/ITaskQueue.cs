namespace Faafo.Queueing;

/// <summary>
/// The task queue between API and workers. There are two kinds with the same behaviour: RabbitMQ, and SQLite for one machine without
/// servers. Tasks are delivered in the order of publishing; a task that a worker received and did not acknowledge is delivered again, at
/// its old position and with its delivery count increased.
/// </summary>
public interface ITaskQueue : IAsyncDisposable
{
    /// <summary>Publishes messages and returns when the queue has stored all of them.</summary>
    /// <exception cref="QueueUnavailableException">
    /// The queue is unavailable or rejected messages; any of them may be on the queue.
    /// </exception>
    Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Receives tasks, at most <paramref name="prefetch"/> unsettled at a time. When <paramref name="stop"/> is set, the sequence ends:
    /// tasks that were fetched but not handed out are returned, and those that were handed out can still be settled.
    /// </summary>
    /// <exception cref="QueueUnavailableException">The connection is lost; unsettled tasks will be delivered again.</exception>
    IAsyncEnumerable<Delivery> ReceiveAsync(int prefetch, CancellationToken stop);

    /// <summary>Reads the depth of the queue.</summary>
    /// <exception cref="QueueUnavailableException">The queue is unavailable.</exception>
    Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken);
}
