namespace Faafo.Queueing;

/// <summary>What the queue itself knows. A count that a queue cannot tell is null, not zero.</summary>
/// <param name="Ready">Tasks that no worker holds.</param>
/// <param name="InFlight">Tasks that a worker holds; null from RabbitMQ, whose AMQP interface does not tell.</param>
/// <param name="Consumers">Workers that listen.</param>
public sealed record QueueDepth(long Ready, long? InFlight, int Consumers);
