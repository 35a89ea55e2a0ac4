using System.Net;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    /// <summary>Opens an object, or a range of it, for reading. "GET /v1/{account}/{container}/{object}".</summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    public virtual async Task<ObjectDownload> DownloadObjectAsync(
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
        if (options.Newest)
        {
            request.Headers.TryAddWithoutValidation("X-Newest", "true");
        }
        var response = await SendAsync(request, cancellationToken, streamed: true, HttpStatusCode.NotModified).ConfigureAwait(false);
        try
        {
            var info = ObjectHeaders.ReadInfo(response, name);
            var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var whole = response.StatusCode == HttpStatusCode.OK && !info.IsLargeObject && info.ETag.Length == 32;
            var settings = _client.Session.Options;
            var limit = new IdleLimit(settings.IdleTimeout, settings.TimeProvider);
            limit.Pause();
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
