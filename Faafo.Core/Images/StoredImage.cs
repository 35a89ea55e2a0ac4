namespace Faafo.Images;

/// <summary>What was stored.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Checksum">SHA-256 in lower-case hex.</param>
public sealed record StoredImage(long Size, string Checksum);
