using System.Net;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>An open object, which holds a connection until it is disposed of.</summary>
public sealed class ObjectDownload : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;

    internal ObjectDownload(HttpResponseMessage response, ObjectInfo info, Stream content) =>
        (_response, Info, Content) = (response, info, content);

    /// <summary>The properties of the object.</summary>
    public ObjectInfo Info { get; }

    /// <summary>
    /// The bytes, as a stream. The checksum of a whole object is compared at its end, so the last read may throw
    /// <see cref="ChecksumMismatchException"/>; a range and a large object cannot be verified. A read ends with
    /// <see cref="NoAnswerException"/> when the connection is lost or idle for <see cref="OpenStackClientOptions.IdleTimeout"/>.
    /// </summary>
    public Stream Content { get; }

    /// <summary>The number of bytes of <see cref="Content"/>, if known.</summary>
    public long? ContentLength => _response.Content.Headers.ContentLength;

    /// <summary>Whether the condition failed: the object has not changed, and <see cref="Content"/> is empty.</summary>
    public bool NotModified => _response.StatusCode == HttpStatusCode.NotModified;

    /// <summary>Whether this is only a range of the object.</summary>
    public bool IsPartial => _response.StatusCode == HttpStatusCode.PartialContent;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
    }
}
