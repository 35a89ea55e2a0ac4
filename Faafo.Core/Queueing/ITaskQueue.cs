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

/// <summary>A message that a worker holds. Exactly one of the three endings succeeds, once.</summary>
public abstract class Delivery
{
    /// <summary>The message.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How often it was delivered before and came back; at least 1 when that number is not known exactly.</summary>
    public required int EarlierDeliveries { get; init; }

    /// <summary>The work is done and reported: the message is gone.</summary>
    /// <exception cref="QueueUnavailableException">The connection is lost; the message will come again.</exception>
    public abstract Task AcknowledgeAsync(CancellationToken cancellationToken);

    /// <summary>The work was not done: the message goes back to its place.</summary>
    /// <exception cref="QueueUnavailableException">The connection is lost; the message goes back by itself.</exception>
    public abstract Task ReturnAsync(CancellationToken cancellationToken);

    /// <summary>The work can never be done: the message goes to the dead-letter queue with a reason.</summary>
    /// <exception cref="QueueUnavailableException">
    /// The connection is lost, or the dead-letter queue did not take it: then it is still held, and is to be returned after a pause.
    /// </exception>
    public abstract Task DeadLetterAsync(string reason, CancellationToken cancellationToken);
}

/// <summary>The queue cannot be reached or does not take or give what it should. The message holds no credentials.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
