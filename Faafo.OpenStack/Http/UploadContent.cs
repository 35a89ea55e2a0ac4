using System.Net;
using System.Security.Cryptography;

namespace Faafo.OpenStack;

/// <summary>
/// A body that is written while it is sent, chunked if its length is unknown. Its MD5 is computed on the way: Swift's ETag is the MD5 of
/// the content, and the only way to check that it arrived completely.
/// </summary>
internal sealed class UploadContent : HttpContent
{
    private readonly Func<Stream, CancellationToken, Task> _write;
    private readonly long? _length;
    private readonly bool _rewindable;
    private bool _started;

    /// <summary>Creates a body that <paramref name="write"/> produces, again for each attempt if <paramref name="rewindable"/>.</summary>
    public UploadContent(Func<Stream, CancellationToken, Task> write, long? length, bool rewindable)
    {
        _write = write;
        _length = length;
        _rewindable = rewindable;
        Headers.ContentType = new("application/octet-stream");
    }

    /// <summary>Whether the source was not read yet, or can be read again.</summary>
    public bool CanReplay => _rewindable || !_started;

    /// <summary>The time limit of the attempt; it pauses while the source is read.</summary>
    public IdleLimit? Limit { get; set; }

    /// <summary>The MD5 of the content in lower-case hexadecimal; <c>null</c> until all of it was sent.</summary>
    public string? Md5 { get; private set; }

    /// <summary>The number of bytes sent.</summary>
    public long Sent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _started = true;
        Md5 = null;
#pragma warning disable CA5351 // Not for security: Swift's ETag is an MD5.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var limit = Limit;
        var counting = new HashingStream(stream, hash, limit);
        limit?.Pause();
        try
        {
            await using (counting.ConfigureAwait(false))
            {
                await _write(counting, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            limit?.Run();
        }
        Sent = counting.Written;
        Md5 = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }

    /// <summary>Hashes writes and forwards them; disposing it leaves the connection open.</summary>
    private sealed class HashingStream(Stream target, IncrementalHash hash, IdleLimit? limit) : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Written;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
            limit?.Run();
            target.Flush();
            limit?.Pause();
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            limit?.Run();
            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
            limit?.Pause();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            Written += buffer.Length;
            limit?.Run();
            target.Write(buffer);
            limit?.Pause();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            Written += buffer.Length;
            limit?.Run();
            await target.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            limit?.Pause();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
