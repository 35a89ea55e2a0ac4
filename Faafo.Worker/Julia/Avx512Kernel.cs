using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Faafo.Worker.Julia;

/// <summary>
/// Draws tile by tile with vectors of eight pixels, eight vectors interleaved, which hides the latency of each behind the others. Most
/// pixels belong to blocks that <see cref="BlockClassifier"/> fills. The others are drawn in stages: after every <see cref="Stage"/> passes
/// the orbits that are still inside are compacted into full vectors, because few pixels pass many tests and a vector takes as long as its
/// last lane. Only for pictures with <see cref="JuliaGrid.IsEscapeFinal"/>: lanes are still tested after they have failed and must not pass
/// again.
/// </summary>
internal static unsafe class Avx512Kernel
{
    private const ulong InEachByte = 0x0101010101010101, Indices = (JuliaPalette.Colours - 1) * InEachByte;

    /// <summary>Passes from one compaction to the next, and the fewest passes that a block is tested for.</summary>
    private const int Stage = 8, Lead = 2;

    /// <summary>The longest stage: its passes plus the index that it starts from must fit into a byte.</summary>
    private const int LongestStage = 256 - JuliaPalette.Colours;

    /// <summary>See <see cref="JuliaKernel.Draw"/>.</summary>
    public static void Draw(JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        var lists = BlockLists.ForCurrentThread;
        var orbits = ActiveOrbits.ForCurrentThread;
        fixed (byte* band = indices)
        {
            for (var y = 0; y < rows; y += BlockLists.TileHeight)
            {
                for (var x = 0; x < grid.Width; x += BlockLists.TileWidth)
                {
                    var tile = new Tile(grid, firstRow + y, (IntPtr)(band + ((long)y * grid.Stride)));
                    var columns = Math.Min(BlockLists.TileWidth, grid.Width - x);
                    BlockClassifier.Classify(grid, x, tile.Row, columns, Math.Min(BlockLists.TileHeight, rows - y), tile.Pixels, lists);
                    DrawListed(tile, lists, orbits, cancellationToken);
                }
            }
        }
    }

    private static void DrawListed(in Tile tile, BlockLists lists, ActiveOrbits orbits, CancellationToken cancellationToken)
    {
        orbits.Clear();
        int depth = 0, limit = tile.Grid.Limit;
        for (var passes = 0; passes <= BlockLists.MostPasses; passes++)
        {
            foreach (var block in lists.Edges(passes))
            {
                Draw(tile, block, passes + 1, null);
            }
            var deep = lists.Deep(passes);
            if (deep.IsEmpty)
            {
                continue;
            }
            // Orbits join the list at the ends of stages; a block is drawn to the first end that is worth its tests.
            var end = Math.Min((passes + Lead + Stage - 1) / Stage * Stage, limit);
            while (depth < end)
            {
                depth = Advance(tile.Grid, orbits, depth, Math.Min(depth + Stage, end));
            }
            foreach (var block in deep)
            {
                Draw(tile, block, depth, orbits);
            }
        }
        // A stage of a fifth of the depth wastes few steps on lanes that have failed.
        while (depth < limit && orbits.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            depth = Advance(tile.Grid, orbits, depth, Math.Min(depth + Math.Clamp(depth / 5, Stage, LongestStage), limit));
        }
        orbits.Write(tile.Pixels, limit);
    }

    /// <summary>
    /// Draws a block from z0 to pass <paramref name="end"/>, a vector for each row: the certain passes without tests, then one or more
    /// passes with tests. Writes the counts, and appends the orbits that are still inside to the list, if there is one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(in Tile tile, BlockLists.Block block, int end, ActiveOrbits? orbits)
    {
        var x = Vector512.LoadUnsafe(ref tile.Grid.X[0], (nuint)block.Column);
        ref var y = ref tile.Grid.Y[tile.Row + block.Row];
        Orbits z0 = new(x, Vector512.Create(y)), z1 = new(x, Vector512.Create(Unsafe.Add(ref y, 1)));
        Orbits z2 = new(x, Vector512.Create(Unsafe.Add(ref y, 2))), z3 = new(x, Vector512.Create(Unsafe.Add(ref y, 3)));
        Orbits z4 = new(x, Vector512.Create(Unsafe.Add(ref y, 4))), z5 = new(x, Vector512.Create(Unsafe.Add(ref y, 5)));
        Orbits z6 = new(x, Vector512.Create(Unsafe.Add(ref y, 6))), z7 = new(x, Vector512.Create(Unsafe.Add(ref y, 7)));
        Vector512<double> cx = Vector512.Create(tile.Grid.Cx), cy = Vector512.Create(tile.Grid.Cy);
        for (var i = 0; i < block.Passes; i++)
        {
            z0.Step(cx, cy);
            z1.StepByAdding(cx, cy);
            z2.StepByAdding(cx, cy);
            z3.Step(cx, cy);
            z4.StepByAdding(cx, cy);
            z5.StepByAdding(cx, cy);
            z6.Step(cx, cy);
            z7.StepByAdding(cx, cy);
        }
        ulong n0, n1, n2, n3, n4, n5, n6, n7;
        n0 = n1 = n2 = n3 = n4 = n5 = n6 = n7 = block.Passes * InEachByte;
        for (var i = block.Passes + 1; i < end; i++)
        {
            n0 += z0.TestAndStep(cx, cy);
            n1 += z1.TestAndStep(cx, cy);
            n2 += z2.TestAndStep(cx, cy);
            n3 += z3.TestAndStep(cx, cy);
            n4 += z4.TestAndStep(cx, cy);
            n5 += z5.TestAndStep(cx, cy);
            n6 += z6.TestAndStep(cx, cy);
            n7 += z7.TestAndStep(cx, cy);
        }
        var stride = tile.Grid.Stride;
        var offset = (block.Row * stride) + block.Column;
        var row = tile.Pixels + offset;
        Write(row, n0, z0);
        Write(row += stride, n1, z1);
        Write(row += stride, n2, z2);
        Write(row += stride, n3, z3);
        Write(row += stride, n4, z4);
        Write(row += stride, n5, z5);
        Write(row += stride, n6, z6);
        Write(row += stride, n7, z7);
        if (orbits is null)
        {
            return;
        }
        orbits.Add(z0, cx, cy, offset);
        orbits.Add(z1, cx, cy, offset += stride);
        orbits.Add(z2, cx, cy, offset += stride);
        orbits.Add(z3, cx, cy, offset += stride);
        orbits.Add(z4, cx, cy, offset += stride);
        orbits.Add(z5, cx, cy, offset += stride);
        orbits.Add(z6, cx, cy, offset += stride);
        orbits.Add(z7, cx, cy, offset + stride);
    }

    /// <summary>Runs the last test of eight adjacent pixels and writes their palette indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(byte* pixels, ulong counts, Orbits z) => *(ulong*)pixels = (counts + Orbits.Deposit(z.Test())) & Indices;

    /// <summary>Advances all orbits from one depth to the next and compacts those that are still inside. Returns the new depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Advance(JuliaGrid grid, ActiveOrbits orbits, int depth, int end)
    {
        Vector512<double> cx = Vector512.Create(grid.Cx), cy = Vector512.Create(grid.Cy);
        int count = orbits.Count, kept = 0;
        for (var at = 0; at < count; at += 64)
        {
            Orbits z0 = orbits.At(at), z1 = orbits.At(at + 8), z2 = orbits.At(at + 16), z3 = orbits.At(at + 24);
            Orbits z4 = orbits.At(at + 32), z5 = orbits.At(at + 40), z6 = orbits.At(at + 48), z7 = orbits.At(at + 56);
            ulong n0, n1, n2, n3, n4, n5, n6, n7;
            n0 = n1 = n2 = n3 = n4 = n5 = n6 = n7 = (ulong)(depth & (JuliaPalette.Colours - 1)) * InEachByte;
            for (var i = depth + 1; i < end; i++)
            {
                n0 += z0.TestAndStep(cx, cy);
                n1 += z1.TestAndStep(cx, cy);
                n2 += z2.TestAndStep(cx, cy);
                n3 += z3.TestAndStep(cx, cy);
                n4 += z4.TestAndStep(cx, cy);
                n5 += z5.TestAndStep(cx, cy);
                n6 += z6.TestAndStep(cx, cy);
                n7 += z7.TestAndStep(cx, cy);
            }
            var left = count - at;
            kept = orbits.Keep(at, z0, cx, cy, n0, left, kept);
            kept = orbits.Keep(at + 8, z1, cx, cy, n1, left - 8, kept);
            kept = orbits.Keep(at + 16, z2, cx, cy, n2, left - 16, kept);
            kept = orbits.Keep(at + 24, z3, cx, cy, n3, left - 24, kept);
            kept = orbits.Keep(at + 32, z4, cx, cy, n4, left - 32, kept);
            kept = orbits.Keep(at + 40, z5, cx, cy, n5, left - 40, kept);
            kept = orbits.Keep(at + 48, z6, cx, cy, n6, left - 48, kept);
            kept = orbits.Keep(at + 56, z7, cx, cy, n7, left - 56, kept);
        }
        orbits.Count = kept;
        return end;
    }

    /// <summary>A tile and the address of its pixels.</summary>
    /// <param name="Grid">Coordinates of the picture.</param>
    /// <param name="Row">First row of the tile in the picture.</param>
    /// <param name="At">The pixels, from the tile's first row and the picture's first column.</param>
    private readonly record struct Tile(JuliaGrid Grid, int Row, IntPtr At)
    {
        public byte* Pixels => (byte*)At;
    }
}
