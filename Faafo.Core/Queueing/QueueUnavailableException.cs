namespace Faafo.Queueing;

/// <summary>The queue is unreachable, or rejects messages or deliveries. The message contains no credentials.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
