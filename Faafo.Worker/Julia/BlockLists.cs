namespace Faafo.Worker.Julia;

/// <summary>
/// The blocks of 8 by 8 pixels of a tile that <see cref="BlockClassifier"/> leaves to draw, sorted by their certain passes, so that the
/// loops over the passes of consecutive blocks have equal lengths and are predicted. One per thread, reused for every tile.
/// </summary>
internal sealed class BlockLists
{
    /// <summary>The largest tile: enough blocks to fill vectors, few enough to stay in the second-level cache.</summary>
    public const int TileWidth = 1024, TileHeight = 64;

    /// <summary>The most certain passes that are used; few blocks have more.</summary>
    public const int MostPasses = 63;

    private const int Capacity = TileWidth * TileHeight / 64, Bins = MostPasses + 1;

    private readonly Block[] _blocks = GC.AllocateUninitializedArray<Block>(2 * Bins * Capacity);
    private readonly int[] _counts = new int[2 * Bins];

    [ThreadStatic]
    private static BlockLists? _forCurrentThread;

    /// <summary>The instance of the calling thread.</summary>
    public static BlockLists ForCurrentThread => _forCurrentThread ??= new BlockLists();

    /// <summary>Returns the blocks whose pixels all pass this many tests and none of whose pixels passes two more.</summary>
    public ReadOnlySpan<Block> Edges(int passes) => _blocks.AsSpan(passes * Capacity, _counts[passes]);

    /// <summary>Returns the blocks whose pixels all pass this many tests; nothing more is known about them.</summary>
    public ReadOnlySpan<Block> Deep(int passes) => Edges(Bins + passes);

    /// <summary>Removes all blocks.</summary>
    public void Clear() => Array.Clear(_counts);

    /// <summary>Adds a block to the edges or to the deep blocks of its passes.</summary>
    public void Add(Block block, bool isEdge)
    {
        var bin = (isEdge ? 0 : Bins) + block.Passes;
        _blocks[(bin * Capacity) + _counts[bin]++] = block;
    }

    /// <summary>8 by 8 pixels, all of which pass at least <paramref name="Passes"/> tests.</summary>
    /// <param name="Column">First column, in the picture.</param>
    /// <param name="Row">First row, in the tile.</param>
    /// <param name="Passes">0 to <see cref="MostPasses"/>.</param>
    internal readonly record struct Block(short Column, byte Row, byte Passes);
}
