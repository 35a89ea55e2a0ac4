using System.Security.Cryptography;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;

namespace Faafo.Images;

/// <summary>
/// Images as objects of one Swift container, <c>UUID.png</c>. They are uploaded while they are rendered, and Swift's ETag is compared with
/// the uploaded bytes; no image is held in memory as a whole.
/// </summary>
internal sealed class SwiftImageStore(OpenStackClient cloud, string container) : IImageStore
{
    // Rendering is deterministic, so an interrupted upload can be repeated.
    private static readonly UploadOptions Png = new() { ContentType = "image/png", Repeatable = true };

    private bool _created;
    private string? _urlKey;

    /// <summary>Opens a store in a cloud of clouds.yaml or of the OS_* environment variables.</summary>
    /// <param name="place"><c>CONTAINER</c> in the cloud of OS_CLOUD, or <c>CLOUD/CONTAINER</c>.</param>
    /// <exception cref="FormatException">The cloud does not exist, or the container has no valid name.</exception>
    public static SwiftImageStore Open(string place)
    {
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var container = place[(slash + 1)..];
        if (container.Length == 0 || container.Contains('/', StringComparison.Ordinal))
        {
            throw new FormatException("image-store-url must be swift:CONTAINER or swift:CLOUD/CONTAINER");
        }
        try
        {
            return new SwiftImageStore(OpenStackClient.FromCloud(slash < 0 ? null : place[..slash]), container);
        }
        catch (CloudConfigException e)
        {
            throw new FormatException($"image-store-url: {e.Message}", e);
        }
    }

    public Task<StoredImage> WriteAsync(Guid uuid, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        TranslateErrorsAsync("store", uuid, async () =>
        {
            await CreateContainerAsync(cancellationToken);
            StoredImage? stored = null;
            await cloud.ObjectStorage.UploadObjectAsync(container, NameOf(uuid), async (stream, stop) =>
            {
                await using var hashing = new HashingStream(stream);
                await write(hashing, stop);
                stored = hashing.Finish();
            }, Png, cancellationToken);
            return stored!;
        });

    public Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken) =>
        TranslateErrorsAsync<Stream?>("read", uuid, async () =>
        {
            var info = await FindAsync(uuid, cancellationToken);
            return info is null ? null : new SwiftImageStream(cloud.ObjectStorage, container, info);
        });

    public Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken) =>
        TranslateErrorsAsync("find", uuid, async () => (await FindAsync(uuid, cancellationToken))?.Length);

    public Task DeleteAsync(Guid uuid, CancellationToken cancellationToken) => TranslateErrorsAsync("delete", uuid, async () =>
        await cloud.ObjectStorage.DeleteObjectAsync(container, NameOf(uuid), cancellationToken));

    public Task<Uri?> GetUrlAsync(Guid uuid, TimeSpan lifetime, CancellationToken cancellationToken) =>
        TranslateErrorsAsync<Uri?>("sign", uuid, async () =>
        {
            var key = await UrlKeyAsync(cancellationToken);
            return await cloud.ObjectStorage.CreateTempUrlAsync(HttpMethod.Get, container, NameOf(uuid), lifetime, key, cancellationToken);
        });

    private static string NameOf(Guid uuid) => $"{uuid}.png";

    private async Task<ObjectInfo?> FindAsync(Guid uuid, CancellationToken cancellationToken)
    {
        try
        {
            return await cloud.ObjectStorage.GetObjectAsync(container, NameOf(uuid), cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private async Task CreateContainerAsync(CancellationToken cancellationToken)
    {
        if (!_created)
        {
            await cloud.ObjectStorage.CreateContainerAsync(container, cancellationToken: cancellationToken);
            _created = true;
        }
    }

    // The key of the container, created once and read back: the last writer wins, and every API signs with the stored key.
    private async Task<string> UrlKeyAsync(CancellationToken cancellationToken)
    {
        if (_urlKey is null)
        {
            await CreateContainerAsync(cancellationToken);
            if (await cloud.ObjectStorage.GetTempUrlKeyAsync(container, cancellationToken) is null)
            {
                var key = RandomNumberGenerator.GetHexString(64, lowercase: true);
                await cloud.ObjectStorage.SetTempUrlKeyAsync(container, key, cancellationToken);
            }
            _urlKey = await cloud.ObjectStorage.GetTempUrlKeyAsync(container, cancellationToken)
                ?? throw new ImageStoreException(
                    $"Swift hides the URL key of container {container} from this user: omit --image-redirect");
        }
        return _urlKey;
    }

    private async Task<T> TranslateErrorsAsync<T>(string verb, Guid uuid, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is OpenStackException or HttpRequestException or IOException)
        {
            throw new ImageStoreException($"cannot {verb} {NameOf(uuid)} in Swift container {container}: {e.Message}", e);
        }
    }
}
