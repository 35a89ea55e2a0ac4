using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Faafo.Worker.Julia;

/// <summary>
/// Draws tile by tile with vectors of eight pixels, eight of them at a time, which hides the latency of one behind the others.
/// Most pixels belong to blocks that <see cref="BlockClassifier"/> fills. The rest is drawn in stages: after every
/// <see cref="Stage"/> passes the survivors are pressed together into full vectors, since few pixels live long
/// and a vector lasts as long as its last lane. Only for pictures of which <see cref="JuliaGrid.OutIsOut"/>: a lane may be tested on
/// after it has failed, and does not come back.
/// </summary>
internal static unsafe class Avx512Kernel
{
    private const ulong InEachByte = 0x0101010101010101, Indices = (JuliaPalette.Colours - 1) * InEachByte;

    /// <summary>Passes between one compaction of the survivors and the next, and the least that a block is tested for.</summary>
    private const int Stage = 8, Lead = 2;

    /// <summary>The longest stage: its passes and the index it starts from must stay within a byte.</summary>
    private const int LongestStage = 256 - JuliaPalette.Colours;

    /// <summary>See <see cref="JuliaKernel.Draw"/>.</summary>
    public static void Draw(JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        var lists = BlockLists.ForCurrentThread;
        var survivors = ActiveOrbits.ForCurrentThread;
        fixed (byte* band = indices)
        {
            for (var y = 0; y < rows; y += BlockLists.TileHeight)
                for (var x = 0; x < grid.Width; x += BlockLists.TileWidth)
                {
                    var tile = new Tile(grid, firstRow + y, (IntPtr)(band + ((long)y * grid.Stride)));
                    BlockClassifier.Certify(
                        grid, x, tile.Row, Math.Min(BlockLists.TileWidth, grid.Width - x), Math.Min(BlockLists.TileHeight, rows - y), tile.Pixels, lists);
                    DrawListed(tile, lists, survivors, cancellationToken);
                }
        }
    }

    private static void DrawListed(in Tile tile, BlockLists lists, ActiveOrbits survivors, CancellationToken cancellationToken)
    {
        survivors.Clear();
        int depth = 0, limit = tile.Grid.Limit;
        for (var passes = 0; passes <= BlockLists.MostPasses; passes++)
        {
            foreach (var block in lists.Edges(passes))
                Draw(tile, block, passes + 1, null);
            var deep = lists.Deep(passes);
            if (deep.IsEmpty)
                continue;
            // Survivors join at the ends of stages; blocks go on to the first one that is worth testing for.
            var end = Math.Min((passes + Lead + Stage - 1) / Stage * Stage, limit);
            while (depth < end)
                depth = Advance(tile.Grid, survivors, depth, Math.Min(depth + Stage, end));
            foreach (var block in deep)
                Draw(tile, block, depth, survivors);
        }

        // A stage as long as a fifth of the depth wastes few steps on dead lanes.
        while (depth < limit && survivors.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            depth = Advance(tile.Grid, survivors, depth, Math.Min(depth + Math.Clamp(depth / 5, Stage, LongestStage), limit));
        }

        survivors.Write(tile.Pixels, limit);
    }

    /// <summary>
    /// Draws a block from z0 to pass <paramref name="end"/>, a vector for each of its rows: first its certain passes without
    /// tests, then the rest, one or more, with them. Writes the counts, and lists who is still inside if a list is given.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(in Tile tile, BlockLists.Block block, int end, ActiveOrbits? survivors)
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
        if (survivors is null)
            return;
        survivors.Add(z0, cx, cy, offset);
        survivors.Add(z1, cx, cy, offset += stride);
        survivors.Add(z2, cx, cy, offset += stride);
        survivors.Add(z3, cx, cy, offset += stride);
        survivors.Add(z4, cx, cy, offset += stride);
        survivors.Add(z5, cx, cy, offset += stride);
        survivors.Add(z6, cx, cy, offset += stride);
        survivors.Add(z7, cx, cy, offset + stride);
    }

    /// <summary>Makes the last test of eight pixels side by side and writes their palette indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(byte* pixels, ulong counts, Orbits z) => *(ulong*)pixels = (counts + Orbits.Deposit(z.Test())) & Indices;

    /// <summary>Takes all survivors from one depth to the next and presses those that are still inside together; returns the new depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Advance(JuliaGrid grid, ActiveOrbits survivors, int depth, int end)
    {
        Vector512<double> cx = Vector512.Create(grid.Cx), cy = Vector512.Create(grid.Cy);
        int count = survivors.Count, kept = 0;
        for (var at = 0; at < count; at += 64)
        {
            Orbits z0 = survivors.At(at), z1 = survivors.At(at + 8), z2 = survivors.At(at + 16), z3 = survivors.At(at + 24);
            Orbits z4 = survivors.At(at + 32), z5 = survivors.At(at + 40), z6 = survivors.At(at + 48), z7 = survivors.At(at + 56);
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
            kept = survivors.Keep(at, z0, cx, cy, n0, left, kept);
            kept = survivors.Keep(at + 8, z1, cx, cy, n1, left - 8, kept);
            kept = survivors.Keep(at + 16, z2, cx, cy, n2, left - 16, kept);
            kept = survivors.Keep(at + 24, z3, cx, cy, n3, left - 24, kept);
            kept = survivors.Keep(at + 32, z4, cx, cy, n4, left - 32, kept);
            kept = survivors.Keep(at + 40, z5, cx, cy, n5, left - 40, kept);
            kept = survivors.Keep(at + 48, z6, cx, cy, n6, left - 48, kept);
            kept = survivors.Keep(at + 56, z7, cx, cy, n7, left - 56, kept);
        }

        survivors.Count = kept;
        return end;
    }

    /// <summary>Where a tile's pixels are.</summary>
    /// <param name="Grid">The picture.</param>
    /// <param name="Row">First row of the tile in the picture.</param>
    /// <param name="At">The pixels from the tile's first row and the picture's first column on.</param>
    private readonly record struct Tile(JuliaGrid Grid, int Row, IntPtr At)
    {
        public byte* Pixels => (byte*)At;
    }
}
