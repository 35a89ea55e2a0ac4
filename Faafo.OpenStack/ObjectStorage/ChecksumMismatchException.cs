namespace Faafo.OpenStack.ObjectStorage;

/// <summary>What arrived is not what was sent: the checksums differ.</summary>
public sealed class ChecksumMismatchException : OpenStackException
{
    internal ChecksumMismatchException(string name, string expected, string actual)
        : base($"The content of '{name}' has the checksum {actual} instead of {expected}.")
    {
    }
}
