namespace Faafo.Fractals;

/// <summary>A message that no worker can ever draw. <see cref="Uuid"/> is set when the message at least named its fractal.</summary>
public sealed class MalformedTaskException(string message, Guid? uuid) : Exception(message)
{
    /// <summary>The fractal that the message named, if it could be read.</summary>
    public Guid? Uuid { get; } = uuid;
}
