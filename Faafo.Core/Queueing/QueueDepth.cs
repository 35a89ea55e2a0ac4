namespace Faafo.Queueing;

/// <summary>The counts of a queue. A count that the queue does not provide is null, not zero.</summary>
/// <param name="Ready">Tasks not held by a worker.</param>
/// <param name="InFlight">Tasks held by workers; null from RabbitMQ, because AMQP does not provide it.</param>
/// <param name="Consumers">Workers that receive tasks.</param>
public sealed record QueueDepth(long Ready, long? InFlight, int Consumers);
