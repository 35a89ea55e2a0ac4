using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Faafo.Worker.Png;

/// <summary>
/// Compresses bands of indexed rows by matches at two distances only: the pixel to the left and the pixel above. In pictures
/// of flat areas these are nearly all the matches there are, and they need no search: one bit per byte says whether
/// it equals its neighbour, and the ends of runs of ones are found a word at a time (little-endian words). One per thread, used for band after band.
/// </summary>
internal sealed class BandDeflater
{
    /// <summary>The longest match of deflate, and the shortest above that pays: its distance takes some 15 bits more than that to the left.</summary>
    private const int Longest = 258, ShortestAbove = 5;

    /// <summary>Bits that are at hand after reading a word from any byte on.</summary>
    private const int Window = 57;

    /// <summary>Bytes read and bits written past the end, so that loops go in whole words of 64.</summary>
    private const int Slack = 128;

    private readonly DeflateBlock block = new();
    private readonly int[] counts = new int[DeflateBlock.Tokens];
    private byte[] raw = [];
    private ushort[] tokens = [];
    private ulong[] left = [];
    private ulong[] above = [];

    /// <summary>Compresses rows, each with the filter byte 0 (none) before it.</summary>
    /// <param name="indices">The rows.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="width">Pixels per row, 1 to 32767.</param>
    /// <param name="rows">How many, 1 or more.</param>
    /// <param name="band">Gets the result.</param>
    public void Deflate(ReadOnlySpan<byte> indices, int stride, int width, int rows, DeflatedBand band)
    {
        int row = width + 1, length = row * rows;
        Grow(length);
        for (var y = 0; y < rows; y++)
        {
            raw[y * row] = 0;
            indices.Slice(y * stride, width).CopyTo(raw.AsSpan((y * row) + 1));
        }

        Compare(length, 1, left);
        Compare(length, row, above);
        var count = Parse(length);
        Count(tokens.AsSpan(0, count), counts);
        var bytes = block.Write(tokens.AsSpan(0, count), counts, row, band);
        band.Fill(bytes, Adler32.Of(raw.AsSpan(0, length)), length);
    }

    /// <summary>How often each token occurs; in two tables by turns, as equal tokens follow each other and one counter would wait for itself.</summary>
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
            even[tokens[i]]++;
        for (var token = 0; token < counts.Length; token++)
            counts[token] += even[token];
    }

    private void Grow(int length)
    {
        if (raw.Length >= length + Slack)
            return;
        raw = GC.AllocateUninitializedArray<byte>(length + Slack);
        tokens = GC.AllocateUninitializedArray<ushort>(length + Slack);
        left = new ulong[(length + Slack) / 64];
        above = new ulong[(length + Slack) / 64];
    }

    /// <summary>Sets bit i where byte i equals the byte <paramref name="distance"/> before it; bits past the end are 0.</summary>
    private void Compare(int length, int distance, ulong[] equal)
    {
        equal.AsSpan(0, Math.Min((distance / 64) + 1, equal.Length)).Clear();
        ref var bytes = ref raw[0];
        for (var i = distance & ~63; i < length; i += 64)
        {
            // The first word reaches back before the start; its bits below the distance are masked away.
            var back = i - distance;
            equal[i / 64] = back >= 0
                ? Vector512.Equals(Vector512.LoadUnsafe(ref bytes, (nuint)i), Vector512.LoadUnsafe(ref bytes, (nuint)back)).ExtractMostSignificantBits()
                : CompareFirst(i, distance);
        }

        equal[length / 64] &= (1UL << (length & 63)) - 1;
        equal[(length / 64) + 1] = 0;
    }

    private ulong CompareFirst(int start, int distance)
    {
        ulong bits = 0;
        for (var i = distance; i < start + 64; i++)
            bits |= raw[i] == raw[i - distance] ? 1UL << (i - start) : 0;
        return bits;
    }

    /// <summary>
    /// Makes the tokens; returns how many there are. Greedy: where a match can start, the longer one is taken, at equal lengths
    /// the one to the left, whose distance is the shorter to write. Each turn looks at the next <see cref="Window"/> bytes.
    /// </summary>
    private int Parse(int length)
    {
        int count = 0, at = 0;
        while (at < length)
        {
            ulong l = Bits(left, at), a = Bits(above, at);
            var starts = (l & (l >> 1) & (l >> 2)) | (a & (a >> 1) & (a >> 2) & (a >> 3) & (a >> 4));
            var literals = Math.Min(starts == 0 ? Window - ShortestAbove + 1 : BitOperations.TrailingZeroCount(starts), length - at);
            count = Literals(at, literals, count);
            at += literals;
            if (starts == 0)
                continue;
            int leftRun = BitOperations.TrailingZeroCount(~(l >> literals)), aboveRun = BitOperations.TrailingZeroCount(~(a >> literals));
            if (Math.Max(leftRun, aboveRun) + literals >= Window)
                (leftRun, aboveRun) = (Run(left, at), Run(above, at));
            // A start found to the left has a run of 3 there, one found above a run of 5, so the longer run is long enough.
            var run = Math.Min(Math.Max(leftRun, aboveRun), Longest);
            tokens[count++] = (ushort)((aboveRun > leftRun ? 512 : 256) + run - 3);
            at += run;
        }

        return count;
    }

    /// <summary>Appends bytes as tokens, eight at a time, since most stretches are shorter and their length cannot be predicted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Literals(int at, int literals, int count)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(raw), at);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(tokens), count);
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

    /// <summary>The bits from one on, the first of them lowest; <see cref="Window"/> of them for certain, zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(ulong[] equal, int at) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref Unsafe.As<ulong, byte>(ref MemoryMarshal.GetArrayDataReference(equal)), at >> 3)) >> (at & 7);

    /// <summary>How many ones follow from a bit on, counted no further than a match can reach.</summary>
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
