namespace Faafo.OpenStack.Images;

/// <summary>The open content of an image, which holds a connection until it is disposed of.</summary>
public sealed class ImageDownload : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;

    internal ImageDownload(HttpResponseMessage response, string? checksum, Stream content) =>
        (_response, Checksum, Content) = (response, checksum, content);

    /// <summary>The MD5 of the whole image, if Glance knows it.</summary>
    public string? Checksum { get; }

    /// <summary>
    /// The bytes, as a stream. The checksum is compared at its end, so the last read may throw
    /// <see cref="ObjectStorage.ChecksumMismatchException"/>. A read ends with <see cref="NoAnswerException"/> when the connection is lost
    /// or idle for <see cref="OpenStackClientOptions.IdleTimeout"/>.
    /// </summary>
    public Stream Content { get; }

    /// <summary>The number of bytes of <see cref="Content"/>, if known.</summary>
    public long? ContentLength => _response.Content.Headers.ContentLength;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
    }
}
