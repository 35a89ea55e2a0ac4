namespace Faafo.Options;

/// <summary>A failure that one sentence explains: exit code 1.</summary>
public sealed class FailureException(string message, Exception? inner = null) : Exception(message, inner);
