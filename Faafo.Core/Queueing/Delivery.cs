namespace Faafo.Queueing;

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
