using Faafo.OpenStack.ObjectStorage;

namespace Faafo.Images;

/// <summary>An object as a stream that can seek: reading from a position requests a range from Swift, and nothing is read ahead.</summary>
internal sealed class SwiftImageStream(ObjectStorageService swift, string container, ObjectInfo info) : Stream
{
    private ObjectDownload? _download;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => info.Length;

    public override long Position
    {
        get => _position;
        set
        {
            if (value != _position && _download is { } open)
            {
                _download = null;
                open.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= info.Length)
        {
            return 0;
        }
        // A whole image is requested without a range, so that its checksum is compared at its end.
        var options = new DownloadOptions { From = _position > 0 ? _position : null };
        _download ??= await swift.DownloadObjectAsync(container, info.Name, options, cancellationToken);
        var read = await _download.Content.ReadAsync(buffer, cancellationToken);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("an object can only be read asynchronously");

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => info.Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_download is { } open)
        {
            _download = null;
            await open.DisposeAsync();
        }
        await base.DisposeAsync();
    }
}
