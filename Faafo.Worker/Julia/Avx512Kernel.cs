using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Faafo.Worker.Julia;

/// <summary>
/// Draws tile by tile with vectors of eight pixels. Most pixels belong to blocks that <see cref="CertifiedBlocks"/> fills. The rest is
/// drawn several vectors at a time, which hides the latency of one behind the others, in stages: after every
/// <see cref="Stage"/> passes the survivors are pressed together into full vectors, since few pixels live long
/// and a vector lasts as long as its last lane. A lane that failed a test stays out (its mask bit is ANDed away), so
/// nothing is assumed of what an orbit does once outside.
/// </summary>
internal static unsafe class Avx512Kernel
{
    private const ulong InEachByte = 0x0101010101010101;

    /// <summary>Passes between one compaction of the survivors and the next, and the least that a block is tested for.</summary>
    private const int Stage = 8, Lead = 2;

    /// <summary>See <see cref="JuliaKernel.Draw"/>.</summary>
    public static void Draw(JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        var lists = BlockLists.OfThread;
        var survivors = Survivors.OfThread;
        fixed (byte* band = indices)
        {
            for (var y = 0; y < rows; y += BlockLists.TileHeight)
                for (var x = 0; x < grid.Width; x += BlockLists.TileWidth)
                {
                    var tile = new Tile(grid, firstRow + y, (IntPtr)(band + ((long)y * grid.Stride)));
                    CertifiedBlocks.Certify(
                        grid, x, tile.Row, Math.Min(BlockLists.TileWidth, grid.Width - x), Math.Min(BlockLists.TileHeight, rows - y), tile.Pixels, lists);
                    DrawListed(tile, lists, survivors, cancellationToken);
                }
        }
    }

    private static void DrawListed(in Tile tile, BlockLists lists, Survivors survivors, CancellationToken cancellationToken)
    {
        survivors.Count = 0;
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
                depth = Advance(tile, survivors, depth, Math.Min(depth + Stage, end));
            foreach (var block in deep)
                Draw(tile, block, depth, survivors);
        }

        // A stage as long as a fifth of the depth wastes few steps on dead lanes; a lane's count must stay within a byte.
        while (depth < limit && survivors.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            depth = Advance(tile, survivors, depth, Math.Min(depth + Math.Clamp(depth / 5, Stage, 248), limit));
        }
    }

    /// <summary>
    /// Draws a block from z0 to pass <paramref name="end"/>, a vector for each of its rows: first its certain passes without
    /// tests, then the rest with them. Writes the counts, and lists who is still inside if a list is given.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(in Tile tile, BlockLists.Block block, int end, Survivors? survivors)
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
            z1.Step(cx, cy);
            z2.Step(cx, cy);
            z3.Step(cx, cy);
            z4.Step(cx, cy);
            z5.Step(cx, cy);
            z6.Step(cx, cy);
            z7.Step(cx, cy);
        }

        var offset = (block.Row * tile.Grid.Stride) + block.Column;
        DrawRows(tile, z0, z1, z2, z3, offset, block.Passes, end, survivors);
        DrawRows(tile, z4, z5, z6, z7, offset + (4 * tile.Grid.Stride), block.Passes, end, survivors);
    }

    /// <summary>Takes four rows of a block from pass <paramref name="passes"/> to <paramref name="end"/> with tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DrawRows(in Tile tile, Orbits z0, Orbits z1, Orbits z2, Orbits z3, int offset, int passes, int end, Survivors? survivors)
    {
        Vector512<double> cx = Vector512.Create(tile.Grid.Cx), cy = Vector512.Create(tile.Grid.Cy);
        ulong n0 = 0, n1 = 0, n2 = 0, n3 = 0;
        ulong m0 = 0xff, m1 = 0xff, m2 = 0xff, m3 = 0xff;
        for (var i = passes; i < end; i++)
        {
            z0.TestAndStep(cx, cy, ref m0, ref n0);
            z1.TestAndStep(cx, cy, ref m1, ref n1);
            z2.TestAndStep(cx, cy, ref m2, ref n2);
            z3.TestAndStep(cx, cy, ref m3, ref n3);
        }

        var stride = tile.Grid.Stride;
        Write(tile.Pixels + offset, n0, passes);
        Write(tile.Pixels + offset + stride, n1, passes);
        Write(tile.Pixels + offset + (2 * stride), n2, passes);
        Write(tile.Pixels + offset + (3 * stride), n3, passes);
        if (survivors is null)
            return;
        survivors.Add(z0, m0, offset);
        survivors.Add(z1, m1, offset + stride);
        survivors.Add(z2, m2, offset + (2 * stride));
        survivors.Add(z3, m3, offset + (3 * stride));
    }

    /// <summary>Writes the palette indices of eight pixels side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(byte* pixels, ulong counts, int passes) =>
        *(ulong*)pixels = (counts + ((ulong)passes * InEachByte)) & ((JuliaPalette.Colours - 1) * InEachByte);

    /// <summary>Takes all survivors from one depth to the next and presses those that are still inside together; returns the new depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Advance(in Tile tile, Survivors survivors, int depth, int end)
    {
        var count = survivors.Count;
        survivors.PadTo(32);
        survivors.Count = 0;
        Vector512<double> cx = Vector512.Create(tile.Grid.Cx), cy = Vector512.Create(tile.Grid.Cy);
        for (var at = 0; at < count; at += 32)
        {
            Orbits z0 = survivors.At(at), z1 = survivors.At(at + 8), z2 = survivors.At(at + 16), z3 = survivors.At(at + 24);
            ulong n0 = 0, n1 = 0, n2 = 0, n3 = 0;
            ulong m0 = 0xff, m1 = 0xff, m2 = 0xff, m3 = 0xff;
            for (var i = depth; i < end; i++)
            {
                z0.TestAndStep(cx, cy, ref m0, ref n0);
                z1.TestAndStep(cx, cy, ref m1, ref n1);
                z2.TestAndStep(cx, cy, ref m2, ref n2);
                z3.TestAndStep(cx, cy, ref m3, ref n3);
            }

            survivors.Write(tile.Pixels, at, n0, depth);
            survivors.Write(tile.Pixels, at + 8, n1, depth);
            survivors.Write(tile.Pixels, at + 16, n2, depth);
            survivors.Write(tile.Pixels, at + 24, n3, depth);
            survivors.Keep(at, z0, m0, count);
            survivors.Keep(at + 8, z1, m1, count);
            survivors.Keep(at + 16, z2, m2, count);
            survivors.Keep(at + 24, z3, m3, count);
        }

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
