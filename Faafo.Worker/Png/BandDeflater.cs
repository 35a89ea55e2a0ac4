using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Faafo.Worker.Png;

/// <summary>
/// Compresses bands of indexed rows by matches at two distances only: the pixel to the left and the pixel above. In pictures of flat areas
/// these are nearly all matches, and they need no search: one bit per byte tells whether the byte equals its neighbour, and the ends of
/// runs of ones are found a (little-endian) word at a time. One per thread, reused for every band.
/// </summary>
internal sealed class BandDeflater
{
    /// <summary>The longest match of deflate.</summary>
    private const int Longest = 258;

    /// <summary>The shortest match above that saves bits: its distance takes some 15 bits more than the distance to the left.</summary>
    private const int ShortestAbove = 5;

    /// <summary>Bits that are available after reading a word at any bit position.</summary>
    private const int Window = 57;

    /// <summary>Bytes read and bits written past the end, so that loops process whole words of 64.</summary>
    private const int Slack = 128;

    private readonly DeflateBlock _block = new();
    private readonly int[] _counts = new int[DeflateBlock.Tokens];
    private byte[] _raw = [];
    private ushort[] _tokens = [];
    private ulong[] _left = [];
    private ulong[] _above = [];

    /// <summary>Compresses rows, each preceded by the filter byte 0 (none).</summary>
    /// <param name="indices">The rows.</param>
    /// <param name="stride">Bytes from the start of one row to the next.</param>
    /// <param name="width">Pixels per row, 1 to 32767.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="band">Receives the result.</param>
    public void Deflate(ReadOnlySpan<byte> indices, int stride, int width, int rows, DeflatedBand band)
    {
        int row = width + 1, length = row * rows;
        Grow(length);
        for (var y = 0; y < rows; y++)
        {
            _raw[y * row] = 0;
            indices.Slice(y * stride, width).CopyTo(_raw.AsSpan((y * row) + 1));
        }
        Compare(length, 1, _left);
        Compare(length, row, _above);
        var count = Parse(length);
        var tokens = _tokens.AsSpan(0, count);
        Count(tokens, _counts);
        var bytes = _block.Write(tokens, _counts, row, band);
        band.Fill(bytes, Adler32.Of(_raw.AsSpan(0, length)), length);
    }

    /// <summary>
    /// Counts each token, alternating between two tables: equal tokens often follow each other, and one counter would wait for its own
    /// store.
    /// </summary>
    private static void Count(ReadOnlySpan<ushort> tokens, Span<int> counts)
    {
        Span<int> even = stackalloc int[DeflateBlock.Tokens];
        even.Clear();
        counts.Clear();
        var i = 0;
        for (; i + 1 < tokens.Length; i += 2)
        {
            even[tokens[i]]++;
            counts[tokens[i + 1]]++;
        }
        if (i < tokens.Length)
        {
            even[tokens[i]]++;
        }
        for (var token = 0; token < counts.Length; token++)
        {
            counts[token] += even[token];
        }
    }

    private void Grow(int length)
    {
        if (_raw.Length >= length + Slack)
        {
            return;
        }
        _raw = GC.AllocateUninitializedArray<byte>(length + Slack);
        _tokens = GC.AllocateUninitializedArray<ushort>(length + Slack);
        _left = new ulong[(length + Slack) / 64];
        _above = new ulong[(length + Slack) / 64];
    }

    /// <summary>Sets bit i where byte i equals the byte <paramref name="distance"/> before it; bits past the end are 0.</summary>
    private void Compare(int length, int distance, ulong[] equal)
    {
        equal.AsSpan(0, Math.Min((distance / 64) + 1, equal.Length)).Clear();
        ref var bytes = ref _raw[0];
        for (var i = distance & ~63; i < length; i += 64)
        {
            // The first words reach back before the start; bits below the distance stay 0.
            var back = i - distance;
            equal[i / 64] = back >= 0
                ? Vector512.Equals(Vector512.LoadUnsafe(ref bytes, (nuint)i), Vector512.LoadUnsafe(ref bytes, (nuint)back))
                    .ExtractMostSignificantBits()
                : CompareFirst(i, distance);
        }
        equal[length / 64] &= (1UL << (length & 63)) - 1;
        equal[(length / 64) + 1] = 0;
    }

    private ulong CompareFirst(int start, int distance)
    {
        ulong bits = 0;
        for (var i = distance; i < start + 64; i++)
        {
            bits |= _raw[i] == _raw[i - distance] ? 1UL << (i - start) : 0;
        }
        return bits;
    }

    /// <summary>
    /// Fills the tokens and returns their number. Greedy: where a match can start, the longer one is taken; of equal lengths the one to the
    /// left, whose distance takes fewer bits. Each iteration examines the next <see cref="Window"/> bytes.
    /// </summary>
    private int Parse(int length)
    {
        int count = 0, at = 0;
        while (at < length)
        {
            ulong l = Bits(_left, at), a = Bits(_above, at);
            var starts = (l & (l >> 1) & (l >> 2)) | (a & (a >> 1) & (a >> 2) & (a >> 3) & (a >> 4));
            var literals = Math.Min(starts == 0 ? Window - ShortestAbove + 1 : BitOperations.TrailingZeroCount(starts), length - at);
            count = Literals(at, literals, count);
            at += literals;
            if (starts == 0)
            {
                continue;
            }
            var leftRun = BitOperations.TrailingZeroCount(~(l >> literals));
            var aboveRun = BitOperations.TrailingZeroCount(~(a >> literals));
            if (Math.Max(leftRun, aboveRun) + literals >= Window)
            {
                leftRun = Run(_left, at);
                aboveRun = Run(_above, at);
            }
            // A start to the left has a run of at least 3, a start above one of at least 5, so the longer run is long enough.
            var run = Math.Min(Math.Max(leftRun, aboveRun), Longest);
            _tokens[count++] = (ushort)((aboveRun > leftRun ? 512 : 256) + run - 3);
            at += run;
        }
        return count;
    }

    /// <summary>
    /// Appends bytes as tokens, eight at a time: most runs of literals are shorter, and their length cannot be predicted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Literals(int at, int literals, int count)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_raw), at);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tokens), count);
        var done = 0;
        do
        {
            Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, done))).AsByte())
                .StoreUnsafe(ref to, (nuint)done);
            done += 8;
        }
        while (done < literals);
        return count + literals;
    }

    /// <summary>Returns the bits from a position on, the first one lowest: at least <see cref="Window"/> bits, zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(ulong[] equal, int at)
    {
        ref var bytes = ref Unsafe.As<ulong, byte>(ref MemoryMarshal.GetArrayDataReference(equal));
        return Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at >> 3)) >> (at & 7);
    }

    /// <summary>Counts the ones from a position on, no further than a match can reach.</summary>
    private static int Run(ulong[] equal, int at)
    {
        var ones = 0;
        int more;
        do
        {
            more = Math.Min(BitOperations.TrailingZeroCount(~Bits(equal, at + ones)), Window);
            ones += more;
        }
        while (more == Window && ones < Longest);
        return ones;
    }
}
