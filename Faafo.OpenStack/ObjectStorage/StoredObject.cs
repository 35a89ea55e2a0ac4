namespace Faafo.OpenStack.ObjectStorage;

/// <summary>A stored object whose checksum was verified.</summary>
/// <param name="Name">The name.</param>
/// <param name="ETag">The entity tag, without quotation marks: the MD5 of the content, except for large objects.</param>
/// <param name="Length">The number of bytes.</param>
public sealed record StoredObject(string Name, string ETag, long Length);
