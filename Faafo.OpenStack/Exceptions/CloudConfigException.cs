namespace Faafo.OpenStack;

/// <summary>The configuration in clouds.yaml, secure.yaml or the environment is missing, incomplete or invalid.</summary>
public sealed class CloudConfigException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message, without the place.</param>
    /// <param name="file">The file with the error.</param>
    /// <param name="line">The line, from 1; 0 if the error is not in a single line.</param>
    /// <param name="innerException">The cause.</param>
    public CloudConfigException(string message, string? file = null, long line = 0, Exception? innerException = null)
        : base(PlaceOf(file, line) + message, innerException)
    {
        File = file;
        Line = line;
    }

    /// <summary>The file with the error; <c>null</c> if it is not in a file.</summary>
    public string? File { get; }

    /// <summary>The line in the file, from 1; 0 if the error is not in a single line.</summary>
    public long Line { get; }

    private static string PlaceOf(string? file, long line)
    {
        if (file is null)
        {
            return "";
        }
        return line > 0 ? $"{file}:{line}: " : $"{file}: ";
    }
}
