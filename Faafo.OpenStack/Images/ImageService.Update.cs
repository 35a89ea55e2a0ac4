using System.Net.Http.Headers;

namespace Faafo.OpenStack.Images;

public partial class ImageService
{
    /// <summary>Changes an image's properties. "PATCH /v2/images/{id}".</summary>
    /// <returns>The changed image.</returns>
    /// <exception cref="NotFoundException">There is no such image.</exception>
    /// <exception cref="ConflictException">A property to remove does not exist.</exception>
    /// <exception cref="OpenStackApiException">The login may not change the property.</exception>
    public virtual async Task<Image> UpdateImageAsync(string id, ImageUpdate update, CancellationToken cancellationToken = default)
    {
        var path = $"/images/{PathSegment.Of(id)}";
        using var request = await _client.RequestAsync(HttpMethod.Patch, path, cancellationToken).ConfigureAwait(false);
        request.Content = new ByteArrayContent(ImagePatch.Write(update));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ImagePatch.MediaType);
        using var response = await _client.Session.SendAsync(request, new RequestContext(ServiceType.Image), cancellationToken)
            .ConfigureAwait(false);
        using var document = await _client.ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
        return _client.Read(document, path, null, ImageJson.Default.Image);
    }
}
