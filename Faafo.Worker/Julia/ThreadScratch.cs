using System.Collections.Concurrent;
using Faafo.Worker.Png;

namespace Faafo.Worker.Julia;

/// <summary>The buffers that one thread needs to draw and compress bands, pooled across pictures and threads.</summary>
internal sealed class ThreadScratch
{
    private static readonly ConcurrentBag<ThreadScratch> Pool = [];

    private byte[] _indices = [];

    /// <summary>The compressor and its buffers.</summary>
    public BandDeflater Deflater { get; } = new();

    /// <summary>Takes a set of buffers out of the pool, or allocates one.</summary>
    public static ThreadScratch Rent() => Pool.TryTake(out var pooled) ? pooled : new ThreadScratch();

    /// <summary>Returns the buffers to the pool.</summary>
    public void Return() => Pool.Add(this);

    /// <summary>Returns room for the palette indices of a band; its content is undefined.</summary>
    public Span<byte> Indices(int length)
    {
        if (_indices.Length < length)
        {
            _indices = GC.AllocateUninitializedArray<byte>(length);
        }
        return _indices;
    }
}
