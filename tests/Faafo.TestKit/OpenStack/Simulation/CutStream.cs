namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>A body whose connection breaks after its first bytes.</summary>
internal sealed class CutStream(byte[] start) : MemoryStream(start, writable: false)
{
    public override int Read(Span<byte> buffer) => Check(base.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Check(base.Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
        Task.FromException(new IOException("the connection was reset"));

    private static int Check(int read) => read > 0 ? read : throw new IOException("the connection was reset");
}
