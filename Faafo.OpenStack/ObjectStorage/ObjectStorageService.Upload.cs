using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Faafo.OpenStack.ObjectStorage;

public sealed partial class ObjectStorageService
{
    private const int CopyBuffer = 64 * 1024;

    /// <summary>Stores what a stream holds from its position on, and checks that it arrived whole. "PUT /v1/{account}/{container}/{object}".</summary>
    /// <exception cref="ChecksumMismatchException">Swift got something else; it was deleted again.</exception>
    /// <exception cref="ConflictException">The object exists, and <see cref="UploadOptions.OnlyIfNew"/> was set.</exception>
    public Task<StoredObject> UploadAsync(
        string container, string name, Stream content, UploadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new UploadOptions();
        if (!content.CanSeek)
        {
            return PutAsync(
                container, name, new UploadContent((target, token) => content.CopyToAsync(target, CopyBuffer, token), options.Length, false), options, cancellationToken);
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
    /// Stores what <paramref name="write"/> writes, while it writes, and checks that it arrived whole. "PUT /v1/{account}/{container}/{object}".
    /// </summary>
    /// <exception cref="ChecksumMismatchException">Swift got something else; it was deleted again.</exception>
    /// <exception cref="ConflictException">The object exists, and <see cref="UploadOptions.OnlyIfNew"/> was set.</exception>
    public Task<StoredObject> UploadAsync(
        string container,
        string name,
        Func<Stream, CancellationToken, Task> write,
        UploadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new UploadOptions();
        return PutAsync(container, name, new UploadContent(write, options.Length, options.Repeatable), options, cancellationToken);
    }

    /// <summary>
    /// Stores a stream of any length in segments (Swift's own limit for one object is 5 GB), in the container <c>{container}_segments</c>,
    /// and then the manifest that makes them one. "PUT /v1/{account}/{container}/{object}?multipart-manifest=put".
    /// </summary>
    /// <param name="container">The container of the object.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="content">The content; if it can seek, a failed segment is sent again.</param>
    /// <param name="segmentBytes">The size of a segment in bytes; Swift takes 1,000 segments.</param>
    /// <param name="options">Media type, metadata and expiry.</param>
    /// <param name="cancellationToken">Gives up; segments stored so far are deleted.</param>
    public async Task<StoredObject> UploadLargeAsync(
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
                    segmentContainer, segment, body, new UploadOptions { DeleteAfter = options.DeleteAfter }, cancellationToken).ConfigureAwait(false);
                segments.Add(new Segment($"{segmentContainer}/{segment}", stored.ETag, stored.Length));
            }

            return await PutManifestAsync(container, name, segments, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Without its manifest nobody would find the segments again; the reason matters more than a failure to clean up.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), _client.Session.Options.TimeProvider);
            try
            {
                await DeleteObjectsAsync(segmentContainer, segments.Select(segment => segment.Path[(segmentContainer.Length + 1)..]), limit.Token)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (e is OpenStackException or OperationCanceledException)
            {
            }

            throw;
        }
    }

    private static async IAsyncEnumerable<UploadContent> SegmentBodies(
        Stream content, long segmentBytes, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            while (true)
            {
                var start = content.CanSeek ? content.Position : 0;

                // The first piece is read ahead: only then it is known whether there is another segment at all.
                var first = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(CopyBuffer, segmentBytes)), cancellationToken).ConfigureAwait(false);
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
                            count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(CopyBuffer, segmentBytes)), token).ConfigureAwait(false);
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

    private async Task<StoredObject> PutAsync(
        string container, string name, UploadContent content, UploadOptions options, CancellationToken cancellationToken)
    {
        using (content)
        {
            using var request = await RequestAsync(HttpMethod.Put, ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
            request.Content = content;

            // Swift answers a bad token or a failed condition before it takes the body, so that a body that can't be repeated need not be.
            request.Headers.ExpectContinue = true;
            WriteOptions(request, options);
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(options.ContentType);
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

    private async Task<StoredObject> PutManifestAsync(
        string container, string name, List<Segment> segments, UploadOptions options, CancellationToken cancellationToken)
    {
        if (segments.Count == 0)
        {
            return await UploadAsync(container, name, Stream.Null, options, cancellationToken).ConfigureAwait(false);
        }

        using var request = await RequestAsync(HttpMethod.Put, ObjectPath(container, name) + "?multipart-manifest=put", cancellationToken)
            .ConfigureAwait(false);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(segments, ObjectStorageJson.Default.ListSegment));
        request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(options.ContentType);
        WriteOptions(request, options);
        using var response = await SendAsync(request, cancellationToken, streamed: true).ConfigureAwait(false);
        return new StoredObject(name, ObjectHeaders.ETag(response) ?? "", segments.Sum(segment => segment.SizeBytes));
    }

    private static void WriteOptions(HttpRequestMessage request, UploadOptions options)
    {
        ObjectHeaders.WriteMetadata(request, "X-Object-Meta-", options.Metadata);
        if (options.DeleteAfter is { } life)
        {
            request.Headers.TryAddWithoutValidation("X-Delete-After", ((long)life.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }

        if (options.OnlyIfNew)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        }
    }
}
