namespace Faafo.Images;

/// <summary>Opens the image store of a URL.</summary>
public static class ImageStore
{
    /// <summary>Opens a store without reading or writing anything.</summary>
    /// <param name="imageStoreUrl"><c>file:PATH</c>, <c>swift:CONTAINER</c> or <c>swift:CLOUD/CONTAINER</c>.</param>
    /// <exception cref="FormatException">The URL is invalid.</exception>
    public static IImageStore Open(string imageStoreUrl) => imageStoreUrl.Split(':', 2) switch
    {
        ["file", { Length: > 0 } folder] => new FileImageStore(folder),
        ["swift", { Length: > 0 } place] => SwiftImageStore.Open(place),
        _ => throw new FormatException("image-store-url must be file:PATH, swift:CONTAINER or swift:CLOUD/CONTAINER"),
    };
}
