using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The object of a lease.</summary>
internal sealed class LeaseObject<THolder>(
    ObjectStorageService storage, string container, string name, JsonTypeInfo<THolder> type, TimeSpan retention)
    where THolder : class
{
    private const string Renewals = "Renewals";

    public string Container => container;

    public string Name => name;

    /// <summary>Writes the object.</summary>
    public async Task WriteAsync(THolder holder, long renewals, bool onlyIfNew, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(holder, type));
        var upload = new UploadOptions
        {
            OnlyIfNew = onlyIfNew,
            DeleteAfter = retention,
            ContentType = "application/json",
            Metadata = new Dictionary<string, string> { [Renewals] = renewals.ToString(CultureInfo.InvariantCulture) },
        };
        await storage.UploadObjectAsync(container, name, content, upload, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes the object.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) =>
        storage.DeleteObjectAsync(container, name, cancellationToken);

    /// <summary>Reads the object; null when there is none.</summary>
    /// <exception cref="JsonException">The object is not a lease.</exception>
    public async Task<LeaseSighting<THolder>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var newest = new DownloadOptions { Newest = true };
            var download = await storage.DownloadObjectAsync(container, name, newest, cancellationToken).ConfigureAwait(false);
            await using (download.ConfigureAwait(false))
            {
                var holder = await JsonSerializer.DeserializeAsync(download.Content, type, cancellationToken).ConfigureAwait(false);
                var renewals = download.Info.Metadata.GetValueOrDefault(Renewals);
                var isCounted = long.TryParse(renewals, CultureInfo.InvariantCulture, out var count);
                return new LeaseSighting<THolder>(
                    holder ?? throw new JsonException("it is null"), isCounted ? count : null, download.Info.LastModified);
            }
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
