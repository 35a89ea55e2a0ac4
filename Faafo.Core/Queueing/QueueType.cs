namespace Faafo.Queueing;

/// <summary>How the RabbitMQ queue is declared.</summary>
public enum QueueType
{
    /// <summary>Replicated, with a delivery limit and a dead-letter queue.</summary>
    Quorum,

    /// <summary>Exactly as the original declares it, so that the original's programs can share the broker.</summary>
    Classic,
}
