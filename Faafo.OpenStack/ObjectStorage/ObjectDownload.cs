using System.Net;

namespace Faafo.OpenStack.ObjectStorage;

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
