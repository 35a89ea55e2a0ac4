using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>
/// The pixels of a tile that are still inside at one depth, for the AVX-512 path: where each orbit is, and which pixel of
/// the band it belongs to. Vectors are compacted by a permutation looked up by the mask of the lanes to keep, which needs
/// fewer operations than compress instructions fed from a mask in a general register.
/// </summary>
internal sealed unsafe class Survivors
{
    /// <summary>All pixels of a tile, the padding of the last group, and what the last vector stores past its end.</summary>
    private const int Capacity = (BlockLists.TileWidth * BlockLists.TileHeight) + 64;

    /// <summary>For each mask, the numbers of its set bits as eight bytes.</summary>
    private static readonly ulong[] Kept = [.. Enumerable.Range(0, 256).Select(SetBits)];

    [ThreadStatic]
    private static Survivors? ofThread;

    // Pinned, so that vectors are loaded and stored by address.
    private readonly double[] real = GC.AllocateArray<double>(Capacity, pinned: true);
    private readonly double[] imaginary = GC.AllocateArray<double>(Capacity, pinned: true);
    private readonly int[] offsets = GC.AllocateArray<int>(Capacity, pinned: true);

    /// <summary>The list of the calling thread.</summary>
    public static Survivors OfThread => ofThread ??= new Survivors();

    /// <summary>Pixels in the list.</summary>
    public int Count { get; set; }

    /// <summary>Repeats the last pixel up to a multiple of <paramref name="group"/>; its result is then written more than once, the same each time.</summary>
    public void PadTo(int group)
    {
        for (var i = Count; i % group != 0; i++)
            (real[i], imaginary[i], offsets[i]) = (real[Count - 1], imaginary[Count - 1], offsets[Count - 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Orbits At(int at) => new(Vector512.LoadUnsafe(ref real[0], (nuint)at), Vector512.LoadUnsafe(ref imaginary[0], (nuint)at));

    /// <summary>Appends the lanes of <paramref name="inside"/> of eight pixels side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Orbits z, ulong inside, int offset) => Append(z, inside, Vector256.Create(offset) + Vector256<int>.Indices);

    /// <summary>Moves the lanes of <paramref name="inside"/> down from <paramref name="at"/>; those from <paramref name="count"/> on are padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Keep(int at, Orbits z, ulong inside, int count)
    {
        if (at + 8 > count)
            inside &= (1UL << Math.Max(count - at, 0)) - 1;
        Append(z, inside, Vector256.LoadUnsafe(ref offsets[0], (nuint)at));
    }

    /// <summary>Writes the palette indices of eight pixels: the depth and what each passed since, a byte per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte* pixels, int at, ulong counts, int depth)
    {
        const ulong inEachByte = 0x0101010101010101, mask = (JuliaPalette.Colours - 1) * inEachByte;
        var indices = ((counts & mask) + ((ulong)(depth & (JuliaPalette.Colours - 1)) * inEachByte)) & mask;
        ref var offset = ref Unsafe.Add(ref offsets[0], at);
        pixels[offset] = (byte)indices;
        pixels[Unsafe.Add(ref offset, 1)] = (byte)(indices >> 8);
        pixels[Unsafe.Add(ref offset, 2)] = (byte)(indices >> 16);
        pixels[Unsafe.Add(ref offset, 3)] = (byte)(indices >> 24);
        pixels[Unsafe.Add(ref offset, 4)] = (byte)(indices >> 32);
        pixels[Unsafe.Add(ref offset, 5)] = (byte)(indices >> 40);
        pixels[Unsafe.Add(ref offset, 6)] = (byte)(indices >> 48);
        pixels[Unsafe.Add(ref offset, 7)] = (byte)(indices >> 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(Orbits z, ulong inside, Vector256<int> pixels)
    {
        var lanes = Vector128.CreateScalar(Kept[inside]).AsByte();
        var wide = Avx512F.ConvertToVector512Int64(lanes);
        Avx512F.PermuteVar8x64(z.Real, wide).StoreUnsafe(ref real[0], (nuint)Count);
        Avx512F.PermuteVar8x64(z.Imaginary, wide).StoreUnsafe(ref imaginary[0], (nuint)Count);
        Avx2.PermuteVar8x32(pixels, Avx2.ConvertToVector256Int32(lanes)).StoreUnsafe(ref offsets[0], (nuint)Count);
        Count += BitOperations.PopCount(inside);
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
