namespace Faafo.Queueing;

/// <summary>
/// The task queue between API and workers, in two kinds with one behaviour: RabbitMQ, and SQLite for one machine without servers.
/// Tasks come in the order they were published; a task that a worker took and did not acknowledge comes again, at its old place,
/// with its delivery count raised.
/// </summary>
public interface ITaskQueue : IAsyncDisposable
{
    /// <summary>Puts messages on the queue and returns when the queue has all of them safe.</summary>
    /// <exception cref="QueueUnavailableException">It is away, or refused them; any part of them may be on the queue.</exception>
    Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Takes tasks, never more than <paramref name="prefetch"/> unacknowledged at a time. When <paramref name="stop"/> is set the
    /// sequence ends: what was fetched but not yet handed out goes back, what was handed out can still be acknowledged.
    /// </summary>
    /// <exception cref="QueueUnavailableException">The connection is lost; what was handed out will come again.</exception>
    IAsyncEnumerable<Delivery> ReceiveAsync(int prefetch, CancellationToken stop);

    /// <summary>How deep the queue is.</summary>
    /// <exception cref="QueueUnavailableException">It is away.</exception>
    Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken);
}
