namespace Faafo.Images;

/// <summary>The image store failed; a retry may succeed.</summary>
public sealed class ImageStoreException(string message, Exception? inner = null) : Exception(message, inner);
