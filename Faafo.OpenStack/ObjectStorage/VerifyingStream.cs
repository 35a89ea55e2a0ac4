using System.Security.Cryptography;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>
/// The body of a download: computes the MD5 of what is read, compares it at the end, and limits the idle time. Errors of the connection
/// become the library's own exceptions.
/// </summary>
/// <param name="source">The body.</param>
/// <param name="request">The request.</param>
/// <param name="limit">The idle limit of a read; disposed of with the stream.</param>
/// <param name="name">The object's name.</param>
/// <param name="expected">The expected MD5; <c>null</c> when it cannot be verified.</param>
internal sealed class VerifyingStream(Stream source, HttpRequestMessage request, IdleLimit limit, string name, string? expected) : Stream
{
#pragma warning disable CA5351 // Not for security: Swift's ETag is an MD5.
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        // Only an asynchronous read can be cancelled.
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        limit.Run();
        int count;
        try
        {
            count = await source.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Lost($"no byte of the body arrived within {limit.Timeout.TotalSeconds:0.###} s", e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Lost(e.Message, e);
        }
        finally
        {
            limit.Pause();
        }
        Take(buffer.Span[..count], buffer.Length);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync().ConfigureAwait(false);
        _hash.Dispose();
        limit.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            _hash.Dispose();
            limit.Dispose();
        }
        base.Dispose(disposing);
    }

    private NoAnswerException Lost(string reason, Exception cause) =>
        new(ServiceType.ObjectStore, request, new HttpRequestException(HttpRequestError.ResponseEnded, reason, cause));

    private void Take(ReadOnlySpan<byte> read, int asked)
    {
        if (expected is null)
        {
            return;
        }
        _hash.AppendData(read);
        if (read.Length > 0 || asked == 0 || _ended)
        {
            return;
        }
        _ended = true;
        var actual = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (!actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new ChecksumMismatchException(name, expected, actual);
        }
    }
}
