namespace Faafo.OpenStack;

/// <summary>The catalog has no such service in this region at this interface.</summary>
public sealed class EndpointNotFoundException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="available">The endpoints in the catalog, as <c>type interface region</c>.</param>
    /// <param name="innerException">The cause.</param>
    public EndpointNotFoundException(string message, IReadOnlyList<string> available, Exception? innerException = null)
        : base(message, innerException) => Available = available;

    /// <summary>The endpoints in the catalog, as <c>type interface region</c>.</summary>
    public IReadOnlyList<string> Available { get; }
}
