namespace Faafo.Images;

/// <summary>Where the pictures are. One image per fractal, named by its uuid; writing it twice leaves the last whole one.</summary>
public interface IImageStore
{
    /// <summary>Stores an image as it is written; it is there in whole, and on the disk, when this returns, or not at all.</summary>
    /// <exception cref="ImageStoreException">It could not be stored.</exception>
    Task<StoredImage> WriteAsync(Guid uuid, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens an image for reading; null when there is none.</summary>
    /// <exception cref="ImageStoreException">The store did not answer.</exception>
    Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>Bytes of an image; null when there is none.</summary>
    /// <exception cref="ImageStoreException">The store did not answer.</exception>
    Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>Removes an image if it is there.</summary>
    /// <exception cref="ImageStoreException">It could not be removed.</exception>
    Task DeleteAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>An address where anyone may read an image for some time without the API; null when the store has none to give.</summary>
    /// <exception cref="ImageStoreException">The store did not answer.</exception>
    Task<Uri?> GetUrlAsync(Guid uuid, TimeSpan lifetime, CancellationToken cancellationToken);
}

/// <summary>What was stored.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Checksum">SHA-256 in lower-case hex.</param>
public sealed record StoredImage(long Size, string Checksum);

/// <summary>The image store failed; a later try may succeed.</summary>
public sealed class ImageStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Opens the image store that a URL names.</summary>
public static class ImageStore
{
    /// <summary>Opens a store; nothing is read or written yet.</summary>
    /// <param name="imageStoreUrl"><c>file:PATH</c>, <c>swift:CONTAINER</c> or <c>swift:CLOUD/CONTAINER</c>.</param>
    /// <exception cref="FormatException">The URL names no store.</exception>
    public static IImageStore Open(string imageStoreUrl) => imageStoreUrl.Split(':', 2) switch
    {
        ["file", { Length: > 0 } folder] => new FileImageStore(folder),
        ["swift", { Length: > 0 } place] => SwiftImageStore.Open(place),
        _ => throw new FormatException("image-store-url must be file:PATH, swift:CONTAINER or swift:CLOUD/CONTAINER"),
    };
}
