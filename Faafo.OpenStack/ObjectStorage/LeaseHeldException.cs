namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Another holder has the lease.</summary>
public sealed class LeaseHeldException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="container">The container.</param>
    /// <param name="name">The name of the lease's object.</param>
    /// <param name="holder">The other holder.</param>
    public LeaseHeldException(string container, string name, object holder)
        : base($"the lease {container}/{name} is held by another") => Holder = holder;

    /// <summary>The other holder, of the type of the lease's holders.</summary>
    public object Holder { get; }
}
