using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>
/// Finds blocks whose pixels all have the same pass count without drawing them. A block is a disc: its centre and a radius
/// r that reaches every pixel. The map takes a disc (z, r) into (z*z + c, (2|z| + r) r), because
/// (z+d)(z+d) - z*z = (2z + d) d. As long as |z| + r &lt; 2 all pixels pass, once |z| - r > 2 they all fail, and a block that
/// goes from the one to the other at once is constant. Between the two the block straddles and is listed to be drawn: as an
/// edge if one step later all pixels have failed, else as deep.
/// </summary>
/// <remarks>
/// Discs are kept in single precision, sixteen to a vector; the constants pay for that.
/// <see cref="Low"/> and <see cref="High"/>: |z| is |z|^2 times an estimate of the reciprocal root, whose relative error is
/// below 1.5 * 2^-12 = 3.7e-4 (Intel SDM, RSQRTPS; RSQRT14PS of AVX-512 errs by 2^-14 at most).
/// <see cref="Drift"/>: one step of |z| &lt;= 2.5, |c| &lt;= 6 rounds each part by less than 2^-24 * (3 * 6.25 + 10) = 1.7e-6, c
/// itself by 0.2e-6, so the point by less than 2.7e-6; the pixels' own rounding, in double precision, is a billionth of that. A larger |c| takes
/// every disc to |z| > |c| - 4, and a larger |z| comes with r > 0.5: there the slack of Low and High is thousands of times
/// the rounding. The first radius gets the same amount for rounding the centre.
/// <see cref="Margin"/> covers the rounding of the two comparisons themselves, each of terms below 4.
/// NaN compares false, that is, straddles, and is drawn pixel by pixel.
/// </remarks>
internal static unsafe class BlockClassifier
{
    private const float Low = 0.9996f, High = 1.0004f, Drift = 4e-6f, Margin = 2e-6f;
    private const ulong InEachByte = 0x0101010101010101;

    /// <summary>Fills the constant blocks of a tile and lists the others.</summary>
    /// <param name="grid">The picture.</param>
    /// <param name="column">First column of the tile, a multiple of 64.</param>
    /// <param name="row">First row of the tile, a multiple of 8.</param>
    /// <param name="columns">Columns of the tile; up to the next multiple of 64 is written.</param>
    /// <param name="rows">Rows of the tile; up to the next multiple of 8 is written.</param>
    /// <param name="pixels">The pixels from the tile's first row and the picture's first column on.</param>
    /// <param name="lists">Gets the blocks that are left.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Certify(JuliaGrid grid, int column, int row, int columns, int rows, byte* pixels, BlockLists lists)
    {
        lists.Clear();
        // Half the diagonal between the outer pixels of a block, rounded up.
        var radius = (float)(3.5 * grid.Diagonal * 1.000001) + Drift;
        // Two groups of eight blocks each share a vector: side by side, or the last of one row with the first of the next.
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
                Emit(grid, column + (64 * x1), 8 * y1, discs.High, discs.Edge >> 8, discs.Deep >> 8, pixels, lists);
        }
    }

    /// <summary>Fills eight blocks side by side with their certain passes, and lists those that are not constant.</summary>
    private static void Emit(JuliaGrid grid, int column, int row, ulong passes, uint edge, uint deep, byte* pixels, BlockLists lists)
    {
        var first = pixels + (row * grid.Stride) + column;
        // Every byte eight times; a shuffle takes its bytes from the same 16 as it fills.
        var indices = Vector256.Create(passes & ((JuliaPalette.Colours - 1) * InEachByte)).AsByte();
        var line = Vector512.Create(
            Avx2.Shuffle(indices, Vector256.Create(0, InEachByte, 2 * InEachByte, 3 * InEachByte).AsByte()),
            Avx2.Shuffle(indices, Vector256.Create(4 * InEachByte, 5 * InEachByte, 6 * InEachByte, 7 * InEachByte).AsByte()));
        for (var y = 0; y < 8; y++)
            line.Store(first + (y * grid.Stride));

        // Blocks that lie wholly right of the picture are not worth drawing.
        for (var left = (edge | deep) & ((1u << Math.Min((grid.Width - column + 7) / 8, 8)) - 1); left != 0; left &= left - 1)
        {
            var i = BitOperations.TrailingZeroCount(left);
            lists.Add(new BlockLists.Block((short)(column + (8 * i)), (byte)row, (byte)(passes >> (8 * i))), ((edge >> i) & 1) != 0);
        }
    }

    /// <summary>
    /// Follows sixteen discs until each is decided. The loop has no branch but its end: what happens to a disc is kept in
    /// bits, one per disc.
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
                break;
            low += Bmi2.X64.ParallelBitDeposit(live & 0xff, InEachByte);
            high += Bmi2.X64.ParallelBitDeposit(live >> 8, InEachByte);
            var twice = s * (2 * High * High);
            r = Vector512.FusedMultiplyAdd(r, Vector512.FusedMultiplyAdd(r, Vector512.Create(High), twice), Vector512.Create(Drift));
            var p = zr * zi;
            zr = Vector512.FusedMultiplyAdd(zr, zr, Vector512.FusedMultiplyAdd(-zi, zi, cx));
            zi = Vector512.FusedMultiplyAdd(p, Vector512.Create(2f), cy);
        }

        // At the limit one test is left of what straddles, and none of what passed all; short of the limit both go on.
        if (last == grid.Limit)
            edge |= straddling;
        else
            deep |= straddling | live;
        return new Discs(low, high, edge, deep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ReciprocalRoot(Vector512<float> m) => Avx512F.IsSupported
        ? Avx512F.ReciprocalSqrt14(m)
        : Vector512.Create(Avx.ReciprocalSqrt(m.GetLower()), Avx.ReciprocalSqrt(m.GetUpper()));

    /// <summary>Sixteen blocks: how many tests all pixels of each pass (a byte each), and in bits which of them straddle after that.</summary>
    /// <param name="Low">Passes of the first eight.</param>
    /// <param name="High">Passes of the others.</param>
    /// <param name="Edge">Blocks of which no pixel passes two more tests.</param>
    /// <param name="Deep">Blocks of which no more is known.</param>
    private readonly record struct Discs(ulong Low, ulong High, uint Edge, uint Deep);
}
