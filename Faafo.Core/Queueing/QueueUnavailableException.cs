namespace Faafo.Queueing;

/// <summary>The queue cannot be reached or does not take or give what it should. The message holds no credentials.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
