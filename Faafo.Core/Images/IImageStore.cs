namespace Faafo.Images;

/// <summary>The store of rendered images: one per fractal, named by its uuid. Of several writes, the last complete one remains.</summary>
public interface IImageStore
{
    /// <summary>
    /// Stores an image while it is being written. When this returns, the whole image is stored durably; if it fails, nothing is.
    /// </summary>
    /// <exception cref="ImageStoreException">The image could not be stored.</exception>
    Task<StoredImage> WriteAsync(Guid uuid, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens an image for reading; returns null if there is none.</summary>
    /// <exception cref="ImageStoreException">The store failed or did not respond.</exception>
    Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>Returns the size of an image in bytes; null if there is none.</summary>
    /// <exception cref="ImageStoreException">The store failed or did not respond.</exception>
    Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>Deletes an image if it exists.</summary>
    /// <exception cref="ImageStoreException">The image could not be deleted.</exception>
    Task DeleteAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>
    /// Returns a URL from which anyone can read an image for some time without the API; null if the store has no such URLs.
    /// </summary>
    /// <exception cref="ImageStoreException">The store failed or did not respond.</exception>
    Task<Uri?> GetUrlAsync(Guid uuid, TimeSpan lifetime, CancellationToken cancellationToken);
}
