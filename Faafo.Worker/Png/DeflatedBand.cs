using System.Numerics;

namespace Faafo.Worker.Png;

/// <summary>A compressed band of rows: whole bytes of a deflate stream, which other bands may precede and follow. Reusable.</summary>
internal sealed class DeflatedBand
{
    private byte[] _buffer = [];

    /// <summary>The compressed bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Number of compressed bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Adler-32 of the bytes before compression: every row with its filter byte.</summary>
    public uint Adler { get; private set; }

    /// <summary>Number of bytes before compression.</summary>
    public int RawLength { get; private set; }

    /// <summary>Returns room for <paramref name="bytes"/> compressed bytes and discards the content of the band.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length < bytes)
        {
            _buffer = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)bytes));
        }
        return _buffer;
    }

    /// <summary>Sets the properties of what was written into the reserved room.</summary>
    public void Fill(int length, uint adler, int rawLength)
    {
        Length = length;
        Adler = adler;
        RawLength = rawLength;
    }
}
