using System.Globalization;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    // The other headers that Swift keeps with an object unless a POST leaves them out (swift/obj/server.py, allowed_headers).
    private static readonly string[] KeptHeaders = ["Cache-Control", "X-Robots-Tag", "X-Object-Manifest"];
    private static readonly string[] KeptContentHeaders = ["Content-Language", "Expires"];

    /// <summary>
    /// Copies an object within the account; the content does not pass through this program. Replaces an object of the same name.
    /// "PUT /v1/{account}/{container}/{object}" with X-Copy-From.
    /// </summary>
    /// <param name="sourceContainer">The container of the source.</param>
    /// <param name="sourceName">The name of the source.</param>
    /// <param name="container">The container of the copy.</param>
    /// <param name="name">The name of the copy.</param>
    /// <param name="options">The properties of the copy; <c>null</c> for those of the source.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The properties of the copy.</returns>
    /// <exception cref="NotFoundException">There is no such object or container.</exception>
    public virtual async Task<ObjectInfo> CopyObjectAsync(
        string sourceContainer,
        string sourceName,
        string container,
        string name,
        CopyOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new CopyOptions();
        var source = ObjectPath(sourceContainer, sourceName);
        var path = new QueryString(ObjectPath(container, name)).Add("multipart-manifest", options.ShareSegments ? "get" : null).ToString();
        using (var request = await RequestAsync(HttpMethod.Put, path, cancellationToken).ConfigureAwait(false))
        {
            request.Content = new ByteArrayContent([]);
            request.Headers.TryAddWithoutValidation("X-Copy-From", source);
            if (options.FreshMetadata)
            {
                request.Headers.TryAddWithoutValidation("X-Fresh-Metadata", "true");
            }
            ObjectHeaders.WriteMetadata(request, "X-Object-Meta-", options.Metadata);
            ObjectHeaders.WriteContentHeaders(request, options.ContentType, options.ContentDisposition, options.ContentEncoding);
            WriteExpiry(request, options.DeleteAfter);
            using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        return await GetObjectAsync(container, name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Changes an object's properties. Swift replaces all of them, so that the present ones are read first and sent again: of two
    /// concurrent changes one may be lost. "POST /v1/{account}/{container}/{object}".
    /// </summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    public virtual async Task UpdateObjectAsync(
        string container, string name, ObjectUpdate update, CancellationToken cancellationToken = default)
    {
        using var present = await HeadAsync(ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
        var now = ObjectHeaders.ReadInfo(present, name);
        var metadata = new Dictionary<string, string>(now.Metadata, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in update.Metadata ?? new Dictionary<string, string>())
        {
            metadata[key] = value;
        }
        using var request = await RequestAsync(HttpMethod.Post, ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
        request.Content = new ByteArrayContent([]);
        ObjectHeaders.WriteMetadata(
            request, "X-Object-Meta-", metadata.Where(item => item.Value.Length > 0).ToDictionary(item => item.Key, item => item.Value));
        ObjectHeaders.WriteContentHeaders(
            request,
            update.ContentType,
            update.ContentDisposition ?? Present("Content-Disposition"),
            update.ContentEncoding ?? Present("Content-Encoding"));
        foreach (var header in KeptHeaders)
        {
            ObjectHeaders.Write(request.Headers, header, Present(header));
        }
        foreach (var header in KeptContentHeaders)
        {
            ObjectHeaders.Write(request.Content.Headers, header, Present(header));
        }
        if (update.DeleteAfter is null && now.DeleteAt is { } end)
        {
            var seconds = end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.TryAddWithoutValidation("X-Delete-At", seconds);
        }
        WriteExpiry(request, update.DeleteAfter > TimeSpan.Zero ? update.DeleteAfter : null);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);

        string? Present(string header)
        {
            var value = ObjectHeaders.Text(present, header);
            return value is null || ObjectHeaders.IsValid(value)
                ? value
                : throw new OpenStackException($"cannot keep the {header} of {name}, which is not ASCII: set another");
        }
    }

    private static void WriteExpiry(HttpRequestMessage request, TimeSpan? life)
    {
        if (life is { } time)
        {
            request.Headers.TryAddWithoutValidation("X-Delete-After", ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }
    }
}
