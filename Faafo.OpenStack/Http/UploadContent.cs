using System.Net;
using System.Security.Cryptography;

namespace Faafo.OpenStack;

/// <summary>
/// A body that is written while it is sent, of unknown length (chunked) unless given, with its MD5 taken on the way:
/// Swift's ETag is the MD5 of the content, and nothing else tells whether it arrived whole.
/// </summary>
internal sealed class UploadContent : HttpContent
{
    private readonly Func<Stream, CancellationToken, Task> _write;
    private readonly long? _length;
    private readonly bool _rewindable;
    private bool _started;

    /// <summary>A body that <paramref name="write"/> produces, each time anew if it is <paramref name="rewindable"/>.</summary>
    public UploadContent(Func<Stream, CancellationToken, Task> write, long? length, bool rewindable)
    {
        (_write, _length, _rewindable) = (write, length, rewindable);
        Headers.ContentType = new("application/octet-stream");
    }

    /// <summary>Whether nothing was taken from the source yet, or it can be started over.</summary>
    public bool CanReplay => _rewindable || !_started;

    /// <summary>The limit of the attempt that sends it: it rests while the source is read.</summary>
    public IdleLimit? Limit { get; set; }

    /// <summary>The MD5 of what was sent, lower-case hexadecimal; <c>null</c> until all of it was.</summary>
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
        limit?.Rest();
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

    /// <summary>Passes writes on and hashes them; closing it leaves the connection open.</summary>
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
            limit?.Rest();
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            limit?.Run();
            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
            limit?.Rest();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            Written += buffer.Length;
            limit?.Run();
            target.Write(buffer);
            limit?.Rest();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            Written += buffer.Length;
            limit?.Run();
            await target.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            limit?.Rest();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
