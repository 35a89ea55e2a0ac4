namespace Faafo.Queueing;

/// <summary>A message that a worker holds. Exactly one of its three methods succeeds, once; it settles the message.</summary>
public abstract class Delivery
{
    /// <summary>The message.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Number of earlier deliveries; at least 1 for a redelivery whose exact number is unknown.</summary>
    public required int EarlierDeliveries { get; init; }

    /// <summary>Removes the message, because its work is done and reported.</summary>
    /// <exception cref="QueueUnavailableException">The connection is lost; the message will be delivered again.</exception>
    public abstract Task AcknowledgeAsync(CancellationToken cancellationToken);

    /// <summary>Returns the message to its position, because its work is not done.</summary>
    /// <exception cref="QueueUnavailableException">The connection is lost; the queue requeues the message.</exception>
    public abstract Task ReturnAsync(CancellationToken cancellationToken);

    /// <summary>Moves the message to the dead-letter queue with a reason, because its work cannot be done.</summary>
    /// <exception cref="QueueUnavailableException">
    /// The connection is lost, or the dead-letter queue rejected the message, which is then still held and must be returned after a delay.
    /// </exception>
    public abstract Task DeadLetterAsync(string reason, CancellationToken cancellationToken);
}
