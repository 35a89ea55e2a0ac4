using System.Net.Http.Headers;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    private const int CopyBuffer = 64 * 1024;

    /// <summary>
    /// Stores a stream from its position to its end, and verifies the checksum. "PUT /v1/{account}/{container}/{object}".
    /// </summary>
    /// <exception cref="ChecksumMismatchException">Swift received other bytes; the object was deleted.</exception>
    /// <exception cref="ConflictException">The object exists, and <see cref="UploadOptions.OnlyIfNew"/> was set.</exception>
    public virtual Task<StoredObject> UploadObjectAsync(
        string container, string name, Stream content, UploadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new UploadOptions();
        if (!content.CanSeek)
        {
            var once = new UploadContent(
                (target, token) => content.CopyToAsync(target, CopyBuffer, token), options.Length, rewindable: false);
            return PutAsync(container, name, once, options, cancellationToken);
        }
        var start = content.Position;
        var body = new UploadContent(
            (target, token) =>
            {
                content.Position = start;
                return content.CopyToAsync(target, CopyBuffer, token);
            },
            content.Length - start,
            rewindable: true);
        return PutAsync(container, name, body, options, cancellationToken);
    }

    /// <summary>
    /// Stores the bytes that <paramref name="write"/> writes, as it writes them, and verifies the checksum.
    /// "PUT /v1/{account}/{container}/{object}".
    /// </summary>
    /// <exception cref="ChecksumMismatchException">Swift received other bytes; the object was deleted.</exception>
    /// <exception cref="ConflictException">The object exists, and <see cref="UploadOptions.OnlyIfNew"/> was set.</exception>
    public virtual Task<StoredObject> UploadObjectAsync(
        string container,
        string name,
        Func<Stream, CancellationToken, Task> write,
        UploadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new UploadOptions();
        return PutAsync(container, name, new UploadContent(write, options.Length, options.Repeatable), options, cancellationToken);
    }

    private async Task<StoredObject> PutAsync(
        string container, string name, UploadContent content, UploadOptions options, CancellationToken cancellationToken)
    {
        using (content)
        {
            using var request = await RequestAsync(HttpMethod.Put, ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
            request.Content = content;

            // Swift rejects a bad token or a failed condition before it reads the body, so a body that cannot be repeated is not consumed.
            request.Headers.ExpectContinue = true;
            WriteOptions(request, options);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(options.ContentType);
            using var response = await SendAsync(request, cancellationToken, streamed: true).ConfigureAwait(false);
            var stored = ObjectHeaders.ETag(response) ?? "";
            if (content.Md5 is { } sent && !stored.Equals(sent, StringComparison.OrdinalIgnoreCase))
            {
                await DeleteObjectAsync(container, name, cancellationToken).ConfigureAwait(false);
                throw new ChecksumMismatchException(name, sent, stored);
            }
            return new StoredObject(name, stored, content.Sent);
        }
    }

    private static void WriteOptions(HttpRequestMessage request, UploadOptions options)
    {
        ObjectHeaders.WriteMetadata(request, "X-Object-Meta-", options.Metadata);
        WriteExpiry(request, options.DeleteAfter);
        ObjectHeaders.WriteContentHeaders(request, null, options.ContentDisposition, options.ContentEncoding);
        if (options.OnlyIfNew)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        }
    }
}
