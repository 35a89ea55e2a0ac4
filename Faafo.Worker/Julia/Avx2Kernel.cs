using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>
/// Draws tile by tile with vectors of four pixels, for CPUs without AVX-512. <see cref="BlockClassifier"/> fills most of a tile; each
/// quarter of a remaining block is iterated until its last pixel has failed.
/// </summary>
internal static unsafe class Avx2Kernel
{
    private const uint InEachByte = 0x01010101, Indices = (JuliaPalette.Colours - 1) * InEachByte;

    /// <summary>Tests between two checks whether any pixel is still inside; their count must fit into a byte.</summary>
    private const int Stage = 4;

    /// <summary>See <see cref="JuliaKernel.Draw"/>.</summary>
    public static void Draw(JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        var lists = BlockLists.ForCurrentThread;
        fixed (byte* band = indices)
        {
            for (var y = 0; y < rows; y += BlockLists.TileHeight)
            {
                for (var x = 0; x < grid.Width; x += BlockLists.TileWidth)
                {
                    var row = firstRow + y;
                    var pixels = band + ((long)y * grid.Stride);
                    int columns = Math.Min(BlockLists.TileWidth, grid.Width - x), height = Math.Min(BlockLists.TileHeight, rows - y);
                    BlockClassifier.Classify(grid, x, row, columns, height, pixels, lists);
                    for (var passes = 0; passes <= BlockLists.MostPasses; passes++)
                    {
                        foreach (var block in lists.Edges(passes))
                        {
                            Draw(grid, row, pixels, block, passes + 1);
                        }
                        foreach (var block in lists.Deep(passes))
                        {
                            cancellationToken.ThrowIfCancellationRequested();
                            Draw(grid, row, pixels, block, grid.Limit);
                        }
                    }
                }
            }
        }
    }

    private static void Draw(JuliaGrid grid, int row, byte* pixels, BlockLists.Block block, int end)
    {
        for (var y = 0; y < 8; y += 4)
        {
            for (var x = 0; x < 8; x += 4)
            {
                var quarter = pixels + ((block.Row + y) * grid.Stride) + block.Column + x;
                DrawQuarter(grid, block.Column + x, row + block.Row + y, quarter, block.Passes, end);
            }
        }
    }

    /// <summary>
    /// Draws 4 by 4 pixels from z0 to pass <paramref name="end"/> or until all have failed: the certain passes without tests, the others
    /// with tests. Counts are kept as a byte per pixel and folded into palette indices after every stage.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DrawQuarter(JuliaGrid grid, int column, int row, byte* pixels, int passes, int end)
    {
        Vector256<double> cx = Vector256.Create(grid.Cx), cy = Vector256.Create(grid.Cy);
        ref var y = ref grid.Y[row];
        Vector256<double> zr0, zr1, zr2, zr3;
        zr0 = zr1 = zr2 = zr3 = Vector256.LoadUnsafe(ref grid.X[0], (nuint)column);
        Vector256<double> zi0 = Vector256.Create(y), zi1 = Vector256.Create(Unsafe.Add(ref y, 1));
        Vector256<double> zi2 = Vector256.Create(Unsafe.Add(ref y, 2)), zi3 = Vector256.Create(Unsafe.Add(ref y, 3));
        for (var i = 0; i < passes; i++)
        {
            Step(ref zr0, ref zi0, cx, cy);
            Step(ref zr1, ref zi1, cx, cy);
            Step(ref zr2, ref zi2, cx, cy);
            Step(ref zr3, ref zi3, cx, cy);
        }
        uint n0, n1, n2, n3;
        n0 = n1 = n2 = n3 = (uint)(passes & (JuliaPalette.Colours - 1)) * InEachByte;
        uint m0 = 0xf, m1 = 0xf, m2 = 0xf, m3 = 0xf;
        while (passes < end && (m0 | m1 | m2 | m3) != 0)
        {
            for (var stop = Math.Min(passes + Stage, end); passes < stop; passes++)
            {
                TestAndStep(ref zr0, ref zi0, cx, cy, ref m0, ref n0);
                TestAndStep(ref zr1, ref zi1, cx, cy, ref m1, ref n1);
                TestAndStep(ref zr2, ref zi2, cx, cy, ref m2, ref n2);
                TestAndStep(ref zr3, ref zi3, cx, cy, ref m3, ref n3);
            }
            (n0, n1, n2, n3) = (n0 & Indices, n1 & Indices, n2 & Indices, n3 & Indices);
        }
        *(uint*)pixels = n0;
        *(uint*)(pixels + grid.Stride) = n1;
        *(uint*)(pixels + (2 * grid.Stride)) = n2;
        *(uint*)(pixels + (3 * grid.Stride)) = n3;
    }

    /// <summary>Steps four orbits; see <see cref="Orbits.Step"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref Vector256<double> zr, ref Vector256<double> zi, Vector256<double> cx, Vector256<double> cy)
    {
        var p = zr * zi;
        zr = (zr * zr) - (zi * zi) + cx;
        zi = Fma.MultiplyAdd(p, Vector256.Create(2.0), cy);
    }

    /// <summary>Tests and steps four orbits; see <see cref="Orbits.TestAndStep"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TestAndStep(
        ref Vector256<double> zr, ref Vector256<double> zi, Vector256<double> cx, Vector256<double> cy, ref uint inside, ref uint counts)
    {
        var a = zr * zr;
        var b = zi * zi;
        var p = zr * zi;
        inside &= Vector256.LessThanOrEqual(a + b, Vector256.Create(4.0)).ExtractMostSignificantBits();
        counts += Bmi2.ParallelBitDeposit(inside, InEachByte);
        zr = a - b + cx;
        zi = Fma.MultiplyAdd(p, Vector256.Create(2.0), cy);
    }
}
