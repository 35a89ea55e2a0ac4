namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The checksum of a transferred object differs from the expected one.</summary>
public sealed class ChecksumMismatchException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The name of the object.</param>
    /// <param name="expected">The expected checksum.</param>
    /// <param name="actual">The checksum of the content.</param>
    public ChecksumMismatchException(string name, string expected, string actual)
        : base($"the content of '{name}' has the checksum {actual} instead of {expected}")
    {
    }
}
