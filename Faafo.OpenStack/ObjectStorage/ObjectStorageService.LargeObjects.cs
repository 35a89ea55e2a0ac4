using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    /// <summary>
    /// Stores a stream of any length in segments (Swift's own limit for one object is 5 GB), in the container <c>{container}_segments</c>,
    /// then the manifest that joins them. "PUT /v1/{account}/{container}/{object}?multipart-manifest=put".
    /// </summary>
    /// <param name="container">The container of the object.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="content">The content; if it can seek, failed segments are retried.</param>
    /// <param name="segmentBytes">The size of a segment in bytes; Swift accepts 1,000 segments.</param>
    /// <param name="options">Media type, metadata and expiry.</param>
    /// <param name="cancellationToken">Cancels the upload; the segments stored so far are deleted.</param>
    public virtual async Task<StoredObject> UploadLargeObjectAsync(
        string container,
        string name,
        Stream content,
        long segmentBytes = 1L << 30,
        UploadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentBytes, 1);
        options ??= new UploadOptions();
        var segmentContainer = container + "_segments";
        await CreateContainerAsync(segmentContainer, null, cancellationToken).ConfigureAwait(false);
        var prefix = $"{name}/{Guid.NewGuid():N}";
        var segments = new List<Segment>();
        try
        {
            await foreach (var body in SegmentBodies(content, segmentBytes, cancellationToken).ConfigureAwait(false))
            {
                var segment = string.Create(CultureInfo.InvariantCulture, $"{prefix}/{segments.Count:00000000}");
                var stored = await PutAsync(
                    segmentContainer, segment, body, new UploadOptions { DeleteAfter = options.DeleteAfter }, cancellationToken)
                        .ConfigureAwait(false);
                segments.Add(new Segment($"{segmentContainer}/{segment}", stored.ETag, stored.Length));
            }
            return await PutManifestAsync(container, name, segments, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Without a manifest the segments could not be found again. A failure to delete them must not hide the reason.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), _client.Session.Options.TimeProvider);
            try
            {
                await DeleteObjectsAsync(
                    segmentContainer, segments.Select(segment => segment.Path[(segmentContainer.Length + 1)..]), limit.Token)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (e is OpenStackException or OperationCanceledException)
            {
            }
            throw;
        }
    }

    /// <summary>
    /// Deletes a large object, manifest and segments. "DELETE /v1/{account}/{container}/{object}?multipart-manifest=delete".
    /// </summary>
    public virtual async Task<BulkDeleteResult> DeleteLargeObjectAsync(string container, string name,
        CancellationToken cancellationToken = default)
    {
        var reply = await BulkDeleteAsync(ObjectPath(container, name) + "?multipart-manifest=delete", null, cancellationToken)
            .ConfigureAwait(false);
        return new BulkDeleteResult(
            reply.Deleted,
            reply.NotFound,
            [.. ErrorsOf(reply)]);
    }

    private static async IAsyncEnumerable<UploadContent> SegmentBodies(
        Stream content, long segmentBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            while (true)
            {
                var start = content.CanSeek ? content.Position : 0;

                // Read the first piece ahead to learn whether there is another segment.
                var first = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(CopyBuffer, segmentBytes)), cancellationToken)
                    .ConfigureAwait(false);
                if (first == 0)
                {
                    yield break;
                }
                yield return new UploadContent(
                    async (target, token) =>
                    {
                        var count = first;
                        if (content.CanSeek)
                        {
                            content.Position = start;
                            count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(CopyBuffer, segmentBytes)), token)
                                .ConfigureAwait(false);
                        }
                        for (long sent = 0; count > 0;)
                        {
                            await target.WriteAsync(buffer.AsMemory(0, count), token).ConfigureAwait(false);
                            sent += count;
                            var rest = (int)Math.Min(CopyBuffer, segmentBytes - sent);
                            count = rest == 0 ? 0 : await content.ReadAsync(buffer.AsMemory(0, rest), token).ConfigureAwait(false);
                        }
                    },
                    null,
                    rewindable: content.CanSeek);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<StoredObject> PutManifestAsync(
        string container, string name, List<Segment> segments, UploadOptions options, CancellationToken cancellationToken)
    {
        if (segments.Count == 0)
        {
            return await UploadObjectAsync(container, name, Stream.Null, options, cancellationToken).ConfigureAwait(false);
        }
        using var request = await RequestAsync(HttpMethod.Put, ObjectPath(container, name) + "?multipart-manifest=put", cancellationToken)
            .ConfigureAwait(false);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(segments, ObjectStorageJson.Default.ListSegment));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(options.ContentType);
        WriteOptions(request, options);
        using var response = await SendAsync(request, cancellationToken, streamed: true).ConfigureAwait(false);
        return new StoredObject(name, ObjectHeaders.ETag(response) ?? "", segments.Sum(segment => segment.SizeBytes));
    }
}
