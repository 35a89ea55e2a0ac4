namespace Faafo.Fractals;

/// <summary>A message that no worker can draw, however often it is delivered.</summary>
public sealed class MalformedTaskException(string message, Guid? uuid) : Exception(message)
{
    /// <summary>The fractal that the message names; null when it could not be read.</summary>
    public Guid? Uuid { get; } = uuid;
}
