namespace Faafo.OpenStack;

/// <summary>The base class of all exceptions that this library defines.</summary>
public class OpenStackException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public OpenStackException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    public OpenStackException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    public OpenStackException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
