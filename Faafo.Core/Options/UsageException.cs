namespace Faafo.Options;

/// <summary>An invalid command line or settings file: a message for the user, exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);
