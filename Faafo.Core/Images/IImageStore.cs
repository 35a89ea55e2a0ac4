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
