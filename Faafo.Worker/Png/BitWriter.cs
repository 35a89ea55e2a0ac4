using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Faafo.Worker.Png;

/// <summary>Writes bits from the lowest to the highest, as deflate packs them (RFC 1951, section 3.1.1).</summary>
/// <param name="bytes">Receives the bits; must have eight bytes more than the bits need, because whole words are stored.</param>
internal ref struct BitWriter(Span<byte> bytes)
{
    private readonly ref byte _start = ref MemoryMarshal.GetReference(bytes);
    private readonly int _capacity = bytes.Length;
    private ulong _pending;
    private int _pendingBits;
    private int _written;

    /// <summary>Appends the low <paramref name="count"/> bits, 0 to 56; the other bits of <paramref name="bits"/> are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ulong bits, int count)
    {
        _pending |= bits << _pendingBits;
        _pendingBits += count;
        if ((uint)_written > (uint)(_capacity - 8))
        {
            throw new InvalidOperationException($"the buffer of a deflate block is too small ({_capacity} bytes)");
        }
        var word = BitConverter.IsLittleEndian ? _pending : BinaryPrimitives.ReverseEndianness(_pending);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref _start, _written), word);
        _written += _pendingBits >> 3;
        _pending >>= _pendingBits & ~7;
        _pendingBits &= 7;
    }

    /// <summary>Appends zero bits up to the next whole byte and returns the bytes written so far.</summary>
    public int Align()
    {
        Write(0, -_pendingBits & 7);
        return _written;
    }
}
