using System.Net;

namespace Faafo.OpenStack.ObjectStorage;

public sealed partial class ObjectStorageService
{
    /// <summary>Opens an object, or a part of it, for reading. "GET /v1/{account}/{container}/{object}".</summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    public async Task<ObjectDownload> DownloadAsync(
        string container, string name, DownloadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DownloadOptions();
        using var request = await RequestAsync(HttpMethod.Get, ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
        if (options.From is not null || options.To is not null)
        {
            request.Headers.Range = new(options.From, options.To);
        }

        if (options.IfNoneMatch is { } tag)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{tag.Trim('"')}\"");
        }

        request.Headers.IfModifiedSince = options.IfModifiedSince;
        var response = await SendAsync(request, cancellationToken, streamed: true, HttpStatusCode.NotModified).ConfigureAwait(false);
        try
        {
            var info = ObjectHeaders.ReadInfo(response, name);
            var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var whole = response.StatusCode == HttpStatusCode.OK && !info.IsLargeObject && info.ETag.Length == 32;
            var settings = _client.Session.Options;
            var limit = new IdleLimit(settings.IdleTimeout, settings.TimeProvider);
            limit.Rest();
            return new ObjectDownload(
                response, info, new VerifyingStream(content, response.RequestMessage!, limit, name, whole ? info.ETag : null));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}

/// <summary>An open object. Dispose of it: it holds a connection.</summary>
public sealed class ObjectDownload : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;

    internal ObjectDownload(HttpResponseMessage response, ObjectInfo info, Stream content) =>
        (_response, Info, Content) = (response, info, content);

    /// <summary>What Swift knows about the object.</summary>
    public ObjectInfo Info { get; }

    /// <summary>
    /// The bytes, as they come. At the end of a whole object its checksum is compared, so that the last read may throw
    /// <see cref="ChecksumMismatchException"/>; a part of an object and a large object can't be checked. A connection that is lost, or that
    /// brings nothing for <see cref="OpenStackClientOptions.IdleTimeout"/>, ends a read with <see cref="NoAnswerException"/>.
    /// </summary>
    public Stream Content { get; }

    /// <summary>The number of bytes of <see cref="Content"/>, if known.</summary>
    public long? ContentLength => _response.Content.Headers.ContentLength;

    /// <summary>The condition did not hold: the object is as it was, and <see cref="Content"/> is empty.</summary>
    public bool NotModified => _response.StatusCode == HttpStatusCode.NotModified;

    /// <summary>Whether only a part of the object comes.</summary>
    public bool IsPartial => _response.StatusCode == HttpStatusCode.PartialContent;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
    }
}
