using System.Numerics;

namespace Faafo.Worker.Png;

/// <summary>A band of rows, compressed: whole bytes of a deflate stream that other bands may precede and follow. Can be used again.</summary>
internal sealed class DeflatedBand
{
    private byte[] buffer = [];

    /// <summary>The compressed bytes.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    /// <summary>Compressed bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Adler-32 of the bytes before compression: every row with its filter byte.</summary>
    public uint Adler { get; private set; }

    /// <summary>Bytes before compression.</summary>
    public int RawLength { get; private set; }

    /// <summary>Room for <paramref name="bytes"/> compressed bytes; what the band held is gone.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (buffer.Length < bytes)
            buffer = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)bytes));
        return buffer;
    }

    /// <summary>Says what has been written into the reserved room.</summary>
    public void Fill(int length, uint adler, int rawLength) => (Length, Adler, RawLength) = (length, adler, rawLength);
}
