namespace Faafo.OpenStack.Images;

/// <summary>Glance: the images that servers are created from.</summary>
public partial class ImageService
{
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected ImageService()
    {
        _client = null!;
    }

    internal ImageService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Image);

    /// <summary>Lists the images that the project may use. "GET /v2/images".</summary>
    public virtual IAsyncEnumerable<Image> ListImagesAsync(string? name = null, CancellationToken cancellationToken = default) =>
        _client.ListAsync(new QueryString("/images").Add("name", name).ToString(), "images", ImageJson.Default.Image, cancellationToken);

    /// <summary>Reads an image's properties. "GET /v2/images/{id}".</summary>
    public virtual Task<Image> GetImageAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/images/{PathSegment.Of(id)}", null, ImageJson.Default.Image, cancellationToken);

    /// <summary>Finds the only image with a name or id. Names are often used twice, when a new build replaces an old one.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<Image> FindImageAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "image", nameOrId, GetImageAsync, ListImagesAsync(nameOrId, cancellationToken), image => image.Name, image => image.Id,
        cancellationToken);

    /// <summary>Chooses an image: the named one, or the only active one.</summary>
    /// <exception cref="NameNotFoundException">There is no image with that name or id.</exception>
    /// <exception cref="AmbiguousNameException">There are several with that name.</exception>
    /// <exception cref="ChoiceException">None was named, and there is not exactly one.</exception>
    public virtual Task<Image> ChooseImageAsync(string? nameOrId, CancellationToken cancellationToken = default)
    {
        var active = ListImagesAsync(null, cancellationToken).Where(image => image.Status == ImageStatus.Active);
        return nameOrId is not null
            ? FindImageAsync(nameOrId, cancellationToken)
            : NameLookup.OnlyAsync("image", active, image => image.Name, cancellationToken);
    }

    /// <summary>Creates an image without content. "POST /v2/images".</summary>
    public virtual Task<Image> CreateImageAsync(NewImage image, CancellationToken cancellationToken = default) => _client.SendAsync(
        HttpMethod.Post,
        "/images",
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(image, ImageJson.Default.NewImage),
        null,
        ImageJson.Default.Image,
        cancellationToken);

    /// <summary>Uploads an image's content, which Glance accepts once, and compares the checksums. "PUT /v2/images/{id}/file".</summary>
    /// <returns>The image, now active.</returns>
    /// <exception cref="OpenStackException">The checksums differ.</exception>
    public virtual async Task<Image> UploadImageAsync(string id, Stream content, CancellationToken cancellationToken = default)
    {
        var path = $"/images/{PathSegment.Of(id)}/file";
        using var request = await _client.RequestAsync(HttpMethod.Put, path, cancellationToken).ConfigureAwait(false);

        // Not rewindable: after a first attempt the image is "saving" or "active" and rejects a second.
        using var body = new UploadContent((target, token) => content.CopyToAsync(target, token), null, rewindable: false);
        request.Content = body;
        request.Headers.ExpectContinue = true;
        var context = new RequestContext(ServiceType.Image) { Streamed = true };
        using (await _client.Session.SendAsync(request, context, cancellationToken).ConfigureAwait(false))
        {
        }
        var image = await GetImageAsync(id, cancellationToken).ConfigureAwait(false);
        return image.Checksum is null || image.Checksum == body.Md5
            ? image
            : throw new OpenStackException(
                $"the content of image {id} has the checksum {image.Checksum} instead of {body.Md5}: delete it and upload again");
    }

    /// <summary>Deletes an image. "DELETE /v2/images/{id}".</summary>
    /// <returns>False if there was none.</returns>
    public virtual Task<bool> DeleteImageAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/images/{PathSegment.Of(id)}", cancellationToken);

    /// <summary>Waits until an image is active, such as one created from a server.</summary>
    /// <exception cref="ResourceFailedException">It was killed or deleted.</exception>
    /// <exception cref="WaitTimeoutException">It took longer than <paramref name="timeout"/>.</exception>
    public virtual async Task<Image> WaitUntilActiveAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var image = await _client.Poller.UntilAsync(
            $"image {id}",
            timeout,
            token => GetImageAsync(id, token),
            seen => IsFinal(seen.Status),
            seen => seen.Status.Value,
            null,
            cancellationToken).ConfigureAwait(false);
        return image.Status == ImageStatus.Active ? image : throw new ResourceFailedException("image", id, image.Status.Value, null);
    }

    private static bool IsFinal(ImageStatus status) =>
        status == ImageStatus.Active || status == ImageStatus.Killed
        || status == ImageStatus.Deleted || status == ImageStatus.PendingDelete;
}
