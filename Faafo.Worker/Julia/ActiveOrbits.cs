using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>
/// The pixels of a tile whose orbits are still inside at one depth, for the AVX-512 path: the position of each orbit, its pixel in the
/// band, and the results of the pixels that have escaped since. Vectors are compacted by a permutation that is looked up by the mask of the
/// lanes to keep; that takes fewer operations than compress instructions with a mask from a general register.
/// </summary>
internal sealed unsafe class ActiveOrbits
{
    /// <summary>All pixels of a tile, and padding for the last group of vectors.</summary>
    private const int Capacity = (BlockLists.TileWidth * BlockLists.TileHeight) + 64;

    /// <summary>Low bits of a result that hold the palette index; the bits above are the pixel.</summary>
    private const int IndexBits = 5;

    /// <summary>The bits of eight palette indices, a byte each.</summary>
    private const ulong Indices = 0x0101010101010101 * (JuliaPalette.Colours - 1);

    /// <summary>The positions of the set bits of each mask, as eight bytes.</summary>
    private static readonly ulong[] Kept = [.. Enumerable.Range(0, 256).Select(SetBits)];

    [ThreadStatic]
    private static ActiveOrbits? _forCurrentThread;

    // Pinned: vectors are loaded and stored by address.
    private readonly double[] _real = GC.AllocateArray<double>(Capacity, pinned: true);
    private readonly double[] _imaginary = GC.AllocateArray<double>(Capacity, pinned: true);
    private readonly int[] _offsets = GC.AllocateArray<int>(Capacity, pinned: true);
    private readonly int[] _results = GC.AllocateArray<int>(Capacity, pinned: true);
    private int _resultCount;

    /// <summary>The instance of the calling thread.</summary>
    public static ActiveOrbits ForCurrentThread => _forCurrentThread ??= new ActiveOrbits();

    /// <summary>Number of active orbits.</summary>
    public int Count { get; set; }

    /// <summary>Removes all orbits and results.</summary>
    public void Clear() => Count = _resultCount = 0;

    /// <summary>Loads eight orbits; those past <see cref="Count"/> are undefined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Orbits At(int at) => new(Vector512.LoadUnsafe(ref _real[0], (nuint)at), Vector512.LoadUnsafe(ref _imaginary[0], (nuint)at));

    /// <summary>Tests eight adjacent pixels, steps them, and appends those that were inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Orbits z, Vector512<double> cx, Vector512<double> cy, int offset)
    {
        var inside = z.Test();
        z.Step(cx, cy);
        Store(Count, z, Kept[inside], Vector256.Create(offset) + Vector256<int>.Indices);
        Count += BitOperations.PopCount(inside);
    }

    /// <summary>
    /// Runs the last test of a stage on eight orbits: steps and moves those that pass down to <paramref name="kept"/>, and records the
    /// results of the others.
    /// </summary>
    /// <param name="at">Index of the first of them.</param>
    /// <param name="z">Their positions.</param>
    /// <param name="cx">Real part of c.</param>
    /// <param name="cy">Imaginary part of c.</param>
    /// <param name="counts">Tests passed by each, a byte per lane, modulo the number of colours.</param>
    /// <param name="left">How many of them are below <see cref="Count"/> if fewer than eight; none if negative.</param>
    /// <param name="kept">Orbits kept so far.</param>
    /// <returns>Orbits kept now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Keep(int at, Orbits z, Vector512<double> cx, Vector512<double> cy, ulong counts, int left, int kept)
    {
        ulong listed = left >= 8 ? 0xffu : (1u << Math.Max(left, 0)) - 1;
        var inside = z.Test() & listed;
        z.Step(cx, cy);
        var pixels = Vector256.LoadUnsafe(ref _offsets[0], (nuint)at);
        Store(kept, z, Kept[inside], pixels);
        var failed = inside ^ listed;
        var indices = Avx2.ConvertToVector256Int32(Vector128.CreateScalar(counts & Indices).AsByte());
        var lanes = Avx2.ConvertToVector256Int32(Vector128.CreateScalar(Kept[failed]).AsByte());
        Avx2.PermuteVar8x32((pixels << IndexBits) | indices, lanes).StoreUnsafe(ref _results[0], (nuint)_resultCount);
        _resultCount += BitOperations.PopCount(failed);
        return kept + BitOperations.PopCount(inside);
    }

    /// <summary>Writes the results, and <paramref name="limit"/> for the orbits that are still active.</summary>
    public void Write(byte* pixels, int limit)
    {
        foreach (var result in _results.AsSpan(0, _resultCount))
        {
            pixels[result >> IndexBits] = (byte)(result & (JuliaPalette.Colours - 1));
        }
        foreach (var offset in _offsets.AsSpan(0, Count))
        {
            pixels[offset] = (byte)(limit & (JuliaPalette.Colours - 1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(int at, Orbits z, ulong lanes, Vector256<int> pixels)
    {
        var bytes = Vector128.CreateScalar(lanes).AsByte();
        var wide = Avx512F.ConvertToVector512Int64(bytes);
        Avx512F.PermuteVar8x64(z.Real, wide).StoreUnsafe(ref _real[0], (nuint)at);
        Avx512F.PermuteVar8x64(z.Imaginary, wide).StoreUnsafe(ref _imaginary[0], (nuint)at);
        Avx2.PermuteVar8x32(pixels, Avx2.ConvertToVector256Int32(bytes)).StoreUnsafe(ref _offsets[0], (nuint)at);
    }

    private static ulong SetBits(int mask)
    {
        ulong lanes = 0;
        for (int bit = 0, kept = 0; bit < 8; bit++)
        {
            if ((mask & (1 << bit)) != 0)
            {
                lanes |= (ulong)bit << (8 * kept++);
            }
        }
        return lanes;
    }
}
