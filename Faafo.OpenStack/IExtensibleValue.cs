namespace Faafo.OpenStack;

/// <summary>
/// A value of a service, such as a status or a protocol: the known ones are static properties of its type, and one that a later release or
/// a plug-in adds is read and sent like the others. Values are compared as the service writes them, with their case.
/// </summary>
/// <typeparam name="TSelf">The type that implements this.</typeparam>
public interface IExtensibleValue<TSelf>
    where TSelf : struct, IExtensibleValue<TSelf>
{
    /// <summary>The value, as the service writes it.</summary>
    string Value { get; }

    /// <summary>Takes a value as the service writes it.</summary>
    static abstract implicit operator TSelf(string value);
}
