namespace Faafo.Queueing;

/// <summary>The kind of a RabbitMQ queue.</summary>
public enum QueueType
{
    /// <summary>Replicated, with a delivery limit and a dead-letter queue.</summary>
    Quorum,

    /// <summary>As the original Faafo (openstack-archive/faafo) declares it, so that its programs can share the broker.</summary>
    Classic,
}
