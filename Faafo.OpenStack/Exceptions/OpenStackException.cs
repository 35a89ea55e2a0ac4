namespace Faafo.OpenStack;

/// <summary>The root of everything this library throws on its own account.</summary>
public class OpenStackException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public OpenStackException()
    {
    }

    /// <summary>Creates an exception that says what happened.</summary>
    public OpenStackException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception that says what happened and why.</summary>
    public OpenStackException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
