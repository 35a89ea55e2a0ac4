using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>
/// The pixels of a tile that are still inside at one depth, for the AVX-512 path: where each orbit is, and which pixel of
/// the band it belongs to; and the results of those that have failed since. Vectors are compacted by a permutation looked up by the mask
/// of the lanes to keep, which needs fewer operations than compress instructions fed from a mask in a general register.
/// </summary>
internal sealed unsafe class ActiveOrbits
{
    /// <summary>All pixels of a tile and the rest of the last group of vectors.</summary>
    private const int Capacity = (BlockLists.TileWidth * BlockLists.TileHeight) + 64;

    /// <summary>Bits of a result that hold the palette index; the pixel is above.</summary>
    private const int IndexBits = 5;

    /// <summary>For each mask, the numbers of its set bits as eight bytes.</summary>
    private static readonly ulong[] Kept = [.. Enumerable.Range(0, 256).Select(SetBits)];

    [ThreadStatic]
    private static ActiveOrbits? ofThread;

    // Pinned, so that vectors are loaded and stored by address.
    private readonly double[] real = GC.AllocateArray<double>(Capacity, pinned: true);
    private readonly double[] imaginary = GC.AllocateArray<double>(Capacity, pinned: true);
    private readonly int[] offsets = GC.AllocateArray<int>(Capacity, pinned: true);
    private readonly int[] results = GC.AllocateArray<int>(Capacity, pinned: true);
    private int resultCount;

    /// <summary>The list of the calling thread.</summary>
    public static ActiveOrbits ForCurrentThread => ofThread ??= new ActiveOrbits();

    /// <summary>Pixels in the list.</summary>
    public int Count { get; set; }

    /// <summary>Forgets survivors and results.</summary>
    public void Clear() => Count = resultCount = 0;

    /// <summary>Eight orbits of the list; past its end, whatever was there before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Orbits At(int at) => new(Vector512.LoadUnsafe(ref real[0], (nuint)at), Vector512.LoadUnsafe(ref imaginary[0], (nuint)at));

    /// <summary>Appends those of eight pixels side by side that are inside, one step on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Orbits z, Vector512<double> cx, Vector512<double> cy, int offset)
    {
        var inside = z.Test();
        z.Step(cx, cy);
        Store(Count, z, Kept[inside], Vector256.Create(offset) + Vector256<int>.Indices);
        Count += BitOperations.PopCount(inside);
    }

    /// <summary>
    /// Makes the last test of a stage: moves those of eight orbits that pass down to <paramref name="kept"/>, one step on, and notes the
    /// results of the others.
    /// </summary>
    /// <param name="at">Where in the list they are.</param>
    /// <param name="z">Where they are now.</param>
    /// <param name="cx">Real part of c.</param>
    /// <param name="cy">Imaginary part of c.</param>
    /// <param name="counts">What each has passed, a byte per lane, modulo the colours.</param>
    /// <param name="left">How many of them belong to the list, if fewer than eight (none, if negative).</param>
    /// <param name="kept">How many have been kept before.</param>
    /// <returns>How many are kept now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Keep(int at, Orbits z, Vector512<double> cx, Vector512<double> cy, ulong counts, int left, int kept)
    {
        ulong listed = left >= 8 ? 0xffu : (1u << Math.Max(left, 0)) - 1;
        var inside = z.Test() & listed;
        z.Step(cx, cy);
        var pixels = Vector256.LoadUnsafe(ref offsets[0], (nuint)at);
        Store(kept, z, Kept[inside], pixels);
        var failed = inside ^ listed;
        var indices = Avx2.ConvertToVector256Int32(Vector128.CreateScalar(counts & (0x0101010101010101 * (JuliaPalette.Colours - 1))).AsByte());
        var lanes = Avx2.ConvertToVector256Int32(Vector128.CreateScalar(Kept[failed]).AsByte());
        Avx2.PermuteVar8x32((pixels << IndexBits) | indices, lanes).StoreUnsafe(ref results[0], (nuint)resultCount);
        resultCount += BitOperations.PopCount(failed);
        return kept + BitOperations.PopCount(inside);
    }

    /// <summary>Writes the results, and <paramref name="limit"/> for those that are left.</summary>
    public void Write(byte* pixels, int limit)
    {
        foreach (var result in results.AsSpan(0, resultCount))
            pixels[result >> IndexBits] = (byte)(result & (JuliaPalette.Colours - 1));
        foreach (var offset in offsets.AsSpan(0, Count))
            pixels[offset] = (byte)(limit & (JuliaPalette.Colours - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(int at, Orbits z, ulong lanes, Vector256<int> pixels)
    {
        var bytes = Vector128.CreateScalar(lanes).AsByte();
        var wide = Avx512F.ConvertToVector512Int64(bytes);
        Avx512F.PermuteVar8x64(z.Real, wide).StoreUnsafe(ref real[0], (nuint)at);
        Avx512F.PermuteVar8x64(z.Imaginary, wide).StoreUnsafe(ref imaginary[0], (nuint)at);
        Avx2.PermuteVar8x32(pixels, Avx2.ConvertToVector256Int32(bytes)).StoreUnsafe(ref offsets[0], (nuint)at);
    }

    private static ulong SetBits(int mask)
    {
        ulong lanes = 0;
        for (int bit = 0, kept = 0; bit < 8; bit++)
            if ((mask & (1 << bit)) != 0)
                lanes |= (ulong)bit << (8 * kept++);
        return lanes;
    }
}
