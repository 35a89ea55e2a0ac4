using System.Security.Cryptography;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;

namespace Faafo.Images;

/// <summary>
/// Images as objects of one Swift container, <c>UUID.png</c>. They are uploaded while they are drawn, and Swift's ETag is compared with
/// what was sent; nothing is ever held in memory whole.
/// </summary>
internal sealed class SwiftImageStore(OpenStackClient cloud, string container) : IImageStore
{
    // Drawing is repeatable to the bit, so an upload that broke off may begin again.
    private static readonly UploadOptions Png = new() { ContentType = "image/png", Repeatable = true };

    private bool _created;
    private string? _urlKey;

    /// <summary>A store in a cloud of clouds.yaml or of the environment's OS_* variables.</summary>
    /// <param name="place"><c>CONTAINER</c> in the cloud of OS_CLOUD, or <c>CLOUD/CONTAINER</c>.</param>
    /// <exception cref="FormatException">There is no such cloud, or the container has no name.</exception>
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
        Guarded("store", uuid, async () =>
        {
            await CreateContainerAsync(cancellationToken);
            StoredImage? stored = null;
            await cloud.ObjectStorage.UploadAsync(container, NameOf(uuid), async (stream, stop) =>
            {
                await using var hashing = new HashingStream(stream);
                await write(hashing, stop);
                stored = hashing.Finish();
            }, Png, cancellationToken);
            return stored!;
        });

    public Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken) => Guarded<Stream?>("read", uuid, async () =>
    {
        try
        {
            var info = await cloud.ObjectStorage.GetObjectAsync(container, NameOf(uuid), cancellationToken);
            return new SwiftImageStream(cloud.ObjectStorage, container, info);
        }
        catch (NotFoundException)
        {
            return null;
        }
    });

    public Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken) => Guarded<long?>("find", uuid, async () =>
    {
        try
        {
            return (await cloud.ObjectStorage.GetObjectAsync(container, NameOf(uuid), cancellationToken)).Length;
        }
        catch (NotFoundException)
        {
            return null;
        }
    });

    public Task DeleteAsync(Guid uuid, CancellationToken cancellationToken) => Guarded("delete", uuid, async () =>
        await cloud.ObjectStorage.DeleteObjectAsync(container, NameOf(uuid), cancellationToken));

    public Task<Uri?> GetUrlAsync(Guid uuid, TimeSpan lifetime, CancellationToken cancellationToken) => Guarded<Uri?>("sign", uuid, async () =>
        await cloud.ObjectStorage.CreateTempUrlAsync(HttpMethod.Get, container, NameOf(uuid), lifetime, await UrlKeyAsync(cancellationToken),
            cancellationToken));

    private static string NameOf(Guid uuid) => $"{uuid}.png";

    private async Task CreateContainerAsync(CancellationToken cancellationToken)
    {
        if (!_created)
        {
            await cloud.ObjectStorage.CreateContainerAsync(container, cancellationToken: cancellationToken);
            _created = true;
        }
    }

    // The container's own key, made once and read back: whoever sets it last wins, and every API signs with what is there.
    private async Task<string> UrlKeyAsync(CancellationToken cancellationToken)
    {
        if (_urlKey is null)
        {
            await CreateContainerAsync(cancellationToken);
            if (await cloud.ObjectStorage.GetTempUrlKeyAsync(container, cancellationToken) is null)
            {
                await cloud.ObjectStorage.SetTempUrlKeyAsync(container, RandomNumberGenerator.GetHexString(64, lowercase: true), cancellationToken);
            }
            _urlKey = await cloud.ObjectStorage.GetTempUrlKeyAsync(container, cancellationToken)
                ?? throw new ImageStoreException($"Swift does not let this user see the key of container {container}: do without --image-redirect");
        }
        return _urlKey;
    }

    private async Task<T> Guarded<T>(string verb, Guid uuid, Func<Task<T>> action)
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
