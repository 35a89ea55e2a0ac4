namespace Faafo.Http;

/// <summary>
/// The body of a picture. The whole may take long, but each read has a time limit, and a failure is a <see cref="FaafoApiException"/>.
/// </summary>
/// <param name="inner">The body; disposed of with this stream.</param>
/// <param name="timeout">The time limit of a read.</param>
/// <param name="timedOut">Creates the exception of a read that timed out.</param>
/// <param name="failed">Creates the exception of a read that failed.</param>
internal sealed class ImageStream(Stream inner, TimeSpan timeout, Func<Exception> timedOut, Func<Exception, Exception> failed) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await inner.ReadAsync(buffer, limit.Token);
        }
        catch (Exception e)
        {
            // A cancelled read closes the connection and may fail with that error instead.
            cancellationToken.ThrowIfCancellationRequested();
            throw limit.IsCancellationRequested ? timedOut() : failed(e);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
