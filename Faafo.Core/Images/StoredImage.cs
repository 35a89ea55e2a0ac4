namespace Faafo.Images;

/// <summary>An image that was stored.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Checksum">Its SHA-256 in lower-case hex.</param>
public sealed record StoredImage(long Size, string Checksum);
