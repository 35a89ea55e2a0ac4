using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>
/// Finds blocks whose pixels all have the same pass count without drawing them. A block is treated as a disc: its centre, and a radius r
/// that reaches every pixel. The map takes a disc (z, r) into (z*z + c, (2|z| + r) r), because (z+d)(z+d) - z*z = (2z + d) d. All pixels
/// pass while |z| + r &lt; 2 and all fail once |z| - r > 2; a block that goes directly from one state to the other is constant. In between,
/// the block straddles and is listed to be drawn: as an edge if all pixels have failed one step later, otherwise as deep.
/// </summary>
/// <remarks>
/// Discs are kept in single precision, sixteen to a vector; the constants cover its rounding.
/// <see cref="Low"/> and <see cref="High"/>: |z| is computed as |z|^2 times an estimate of the reciprocal root, whose relative error is
/// below 1.5 * 2^-12 = 3.7e-4 (Intel SDM, RSQRTPS; the error of RSQRT14PS in AVX-512 is at most 2^-14).
/// <see cref="Drift"/>: one step with |z| &lt;= 2.5 and |c| &lt;= 6 rounds each part by less than 2^-24 * (3 * 6.25 + 10) = 1.7e-6, and c
/// itself by 0.2e-6, so the point by less than 2.7e-6; the rounding of the pixels in double precision is a billionth of that. A larger |c|
/// takes every disc to |z| > |c| - 4, and a larger |z| implies r > 0.5: there the slack of Low and High is thousands of times the rounding.
/// The first radius is enlarged by the same amount, which covers the rounding of the centre.
/// <see cref="Margin"/> covers the rounding of the two comparisons, whose terms are below 4.
/// NaN compares false, so such a block straddles and is drawn pixel by pixel.
/// </remarks>
internal static unsafe class BlockClassifier
{
    private const float Low = 0.9996f, High = 1.0004f, Drift = 4e-6f, Margin = 2e-6f;
    private const ulong InEachByte = 0x0101010101010101;

    /// <summary>Fills the constant blocks of a tile and lists the others.</summary>
    /// <param name="grid">Coordinates of the picture.</param>
    /// <param name="column">First column of the tile; a multiple of 64.</param>
    /// <param name="row">First row of the tile; a multiple of 8.</param>
    /// <param name="columns">Columns of the tile; writes reach up to the next multiple of 64.</param>
    /// <param name="rows">Rows of the tile; writes reach up to the next multiple of 8.</param>
    /// <param name="pixels">The pixels, from the tile's first row and the picture's first column.</param>
    /// <param name="lists">Receives the blocks that are not constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Classify(JuliaGrid grid, int column, int row, int columns, int rows, byte* pixels, BlockLists lists)
    {
        lists.Clear();
        // Half the diagonal between the outer pixels of a block, rounded up.
        var radius = (float)(3.5 * grid.Diagonal * 1.000001) + Drift;
        // A vector holds two groups of eight blocks: adjacent ones, or the last of one row and the first of the next.
        int groups = (columns + 63) / 64, count = groups * ((rows + 7) / 8);
        for (var i = 0; i < count; i += 2)
        {
            var (y0, x0) = Math.DivRem(i, groups);
            var (y1, x1) = Math.DivRem(Math.Min(i + 1, count - 1), groups);
            ref var x = ref grid.BlockX[column / 8];
            ref var y = ref grid.BlockY[row / 8];
            var zr = Vector512.Create(Vector256.LoadUnsafe(ref x, (nuint)(8 * x0)), Vector256.LoadUnsafe(ref x, (nuint)(8 * x1)));
            var zi = Vector512.Create(Vector256.Create(Unsafe.Add(ref y, y0)), Vector256.Create(Unsafe.Add(ref y, y1)));
            var discs = Follow(grid, zr, zi, Vector512.Create(radius));
            Emit(grid, column + (64 * x0), 8 * y0, discs.Low, discs.Edge & 0xff, discs.Deep & 0xff, pixels, lists);
            if (i + 1 < count)
            {
                Emit(grid, column + (64 * x1), 8 * y1, discs.High, discs.Edge >> 8, discs.Deep >> 8, pixels, lists);
            }
        }
    }

    /// <summary>Fills eight adjacent blocks with their certain passes and lists those that are not constant.</summary>
    private static void Emit(JuliaGrid grid, int column, int row, ulong passes, uint edge, uint deep, byte* pixels, BlockLists lists)
    {
        var first = pixels + (row * grid.Stride) + column;
        // Repeats every byte eight times; a shuffle stays within its lane of 16 bytes.
        var indices = Vector256.Create(passes & ((JuliaPalette.Colours - 1) * InEachByte)).AsByte();
        var line = Vector512.Create(
            Avx2.Shuffle(indices, Vector256.Create(0, InEachByte, 2 * InEachByte, 3 * InEachByte).AsByte()),
            Avx2.Shuffle(indices, Vector256.Create(4 * InEachByte, 5 * InEachByte, 6 * InEachByte, 7 * InEachByte).AsByte()));
        for (var y = 0; y < 8; y++)
        {
            line.Store(first + (y * grid.Stride));
        }
        // Blocks that lie entirely to the right of the picture are not drawn.
        for (var left = (edge | deep) & ((1u << Math.Min((grid.Width - column + 7) / 8, 8)) - 1); left != 0; left &= left - 1)
        {
            var i = BitOperations.TrailingZeroCount(left);
            lists.Add(new BlockLists.Block((short)(column + (8 * i)), (byte)row, (byte)(passes >> (8 * i))), ((edge >> i) & 1) != 0);
        }
    }

    /// <summary>
    /// Follows sixteen discs until each is decided. The only branch of the loop is its end: the state of the discs is kept in bit masks, a
    /// bit per disc.
    /// </summary>
    private static Discs Follow(JuliaGrid grid, Vector512<float> zr, Vector512<float> zi, Vector512<float> r)
    {
        var cx = Vector512.Create((float)grid.Cx);
        var cy = Vector512.Create((float)grid.Cy);
        var last = Math.Min(grid.Limit, BlockLists.MostPasses);
        uint live = 0xffff, straddling = 0, edge = 0, deep = 0;
        ulong low = 0, high = 0;
        for (var pass = 0; pass < last; pass++)
        {
            var m = Vector512.FusedMultiplyAdd(zr, zr, Vector512.FusedMultiplyAdd(zi, zi, Vector512.Create(1e-30f)));
            var s = m * ReciprocalRoot(m);
            var most = Vector512.FusedMultiplyAdd(s, Vector512.Create(High), r);
            var least = Vector512.FusedMultiplyAdd(s, Vector512.Create(Low), -r);
            var inside = (uint)Vector512.LessThan(most, Vector512.Create(2 - Margin)).ExtractMostSignificantBits();
            var outside = (uint)Vector512.GreaterThan(least, Vector512.Create(2 + Margin)).ExtractMostSignificantBits();
            edge |= straddling & outside;
            deep |= straddling & ~outside;
            straddling = live & ~(inside | outside);
            live &= inside;
            if ((live | straddling) == 0)
            {
                break;
            }
            low += Bmi2.X64.ParallelBitDeposit(live & 0xff, InEachByte);
            high += Bmi2.X64.ParallelBitDeposit(live >> 8, InEachByte);
            var twice = s * (2 * High * High);
            r = Vector512.FusedMultiplyAdd(r, Vector512.FusedMultiplyAdd(r, Vector512.Create(High), twice), Vector512.Create(Drift));
            var p = zr * zi;
            zr = Vector512.FusedMultiplyAdd(zr, zr, Vector512.FusedMultiplyAdd(-zi, zi, cx));
            zi = Vector512.FusedMultiplyAdd(p, Vector512.Create(2f), cy);
        }
        // At the limit, straddling blocks have one test left and blocks that passed all have none; before the limit both continue.
        if (last == grid.Limit)
        {
            edge |= straddling;
        }
        else
        {
            deep |= straddling | live;
        }
        return new Discs(low, high, edge, deep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ReciprocalRoot(Vector512<float> m) => Avx512F.IsSupported
        ? Avx512F.ReciprocalSqrt14(m)
        : Vector512.Create(Avx.ReciprocalSqrt(m.GetLower()), Avx.ReciprocalSqrt(m.GetUpper()));

    /// <summary>
    /// The result for sixteen blocks: the tests that all pixels of a block pass (a byte each), and bit masks of those that then straddle.
    /// </summary>
    /// <param name="Low">Passes of the first eight blocks.</param>
    /// <param name="High">Passes of the other eight.</param>
    /// <param name="Edge">Blocks none of whose pixels passes two more tests.</param>
    /// <param name="Deep">Blocks about which nothing more is known.</param>
    private readonly record struct Discs(ulong Low, ulong High, uint Edge, uint Deep);
}
