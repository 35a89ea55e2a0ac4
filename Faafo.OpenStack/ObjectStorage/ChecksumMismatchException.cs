namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The checksum of a transferred object differs from the expected one.</summary>
public sealed class ChecksumMismatchException : OpenStackException
{
    internal ChecksumMismatchException(string name, string expected, string actual)
        : base($"the content of '{name}' has the checksum {actual} instead of {expected}")
    {
    }
}
