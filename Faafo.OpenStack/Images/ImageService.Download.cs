using System.Net;
using Faafo.OpenStack.ObjectStorage;

namespace Faafo.OpenStack.Images;

public partial class ImageService
{
    /// <summary>Opens an image's content for reading. "GET /v2/images/{id}/file".</summary>
    /// <exception cref="NotFoundException">There is no such image.</exception>
    /// <exception cref="OpenStackException">The image has no content yet.</exception>
    public virtual async Task<ImageDownload> DownloadImageAsync(string id, CancellationToken cancellationToken = default)
    {
        var path = $"/images/{PathSegment.Of(id)}/file";
        using var request = await _client.RequestAsync(HttpMethod.Get, path, cancellationToken).ConfigureAwait(false);
        request.Headers.Remove("Accept");
        var context = new RequestContext(ServiceType.Image) { Streamed = true };
        var response = await _client.Session.SendAsync(request, context, cancellationToken).ConfigureAwait(false);
        try
        {
            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                throw new OpenStackException($"image {id} has no content: upload it first");
            }
            var checksum = ObjectHeaders.Text(response, "Content-MD5"); // in hexadecimal, unlike the header of HTTP
            var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var settings = _client.Session.Options;
            var limit = new IdleLimit(settings.IdleTimeout, settings.TimeProvider);
            limit.Pause();
            return new ImageDownload(
                response, checksum, new VerifyingStream(content, response.RequestMessage!, limit, $"image {id}", checksum));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
