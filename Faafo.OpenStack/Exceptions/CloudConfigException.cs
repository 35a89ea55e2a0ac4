namespace Faafo.OpenStack;

/// <summary>clouds.yaml, secure.yaml or the environment does not describe a usable cloud.</summary>
public sealed class CloudConfigException : OpenStackException
{
    internal CloudConfigException(string message, string? file = null, long line = 0, Exception? innerException = null)
        : base(file is null ? message : line > 0 ? $"{file}:{line}: {message}" : $"{file}: {message}", innerException) =>
        (File, Line) = (file, line);

    /// <summary>The file that is wrong; <c>null</c> when there is none.</summary>
    public string? File { get; }

    /// <summary>The line in the file, from 1; 0 when no single line is wrong.</summary>
    public long Line { get; }
}
