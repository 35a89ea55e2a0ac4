using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Faafo.Worker.Png;

/// <summary>Writes bits from the lowest up, as deflate packs them (RFC 1951, section 3.1.1).</summary>
/// <param name="bytes">Where to write; eight bytes more than the bits need, since whole words are stored.</param>
internal ref struct BitWriter(Span<byte> bytes)
{
    private readonly ref byte start = ref MemoryMarshal.GetReference(bytes);
    private readonly int capacity = bytes.Length;
    private ulong pending;
    private int pendingBits;
    private int written;

    /// <summary>Appends the low <paramref name="count"/> bits, 0 to 56; the other bits of <paramref name="bits"/> are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ulong bits, int count)
    {
        pending |= bits << pendingBits;
        pendingBits += count;
        if ((uint)written > (uint)(capacity - 8))
            throw new InvalidOperationException("The room reserved for a deflate block is too small.");
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, written), BitConverter.IsLittleEndian ? pending : BinaryPrimitives.ReverseEndianness(pending));
        written += pendingBits >> 3;
        pending >>= pendingBits & ~7;
        pendingBits &= 7;
    }

    /// <summary>Appends zero bits up to a whole byte; returns the bytes written so far.</summary>
    public int Align()
    {
        Write(0, -pendingBits & 7);
        return written;
    }
}
