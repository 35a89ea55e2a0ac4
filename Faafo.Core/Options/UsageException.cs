namespace Faafo.Options;

/// <summary>The command line or a settings file is wrong: a message for the user, exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);
