namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Another holder has the lease.</summary>
public sealed class LeaseHeldException : OpenStackException
{
    internal LeaseHeldException(string container, string name, object holder)
        : base($"the lease {container}/{name} is held by another") => Holder = holder;

    /// <summary>The other holder, of the type of the lease's holders.</summary>
    public object Holder { get; }
}
