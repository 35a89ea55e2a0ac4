namespace Faafo.Worker.Julia;

/// <summary>
/// What certification leaves to draw of a tile: blocks of 8 by 8 pixels, sorted by the passes that are certain, so that loops
/// over the passes of one block after another end alike and are predicted. One per thread, used for tile after tile.
/// </summary>
internal sealed class BlockLists
{
    /// <summary>A tile is at most this wide and high: enough blocks to fill vectors, few enough to stay in the second-level cache.</summary>
    public const int TileWidth = 1024, TileHeight = 64;

    /// <summary>The most certain passes that are made use of; few blocks have more.</summary>
    public const int MostPasses = 63;

    private const int Capacity = TileWidth * TileHeight / 64, Bins = MostPasses + 1;

    private readonly Block[] blocks = GC.AllocateUninitializedArray<Block>(2 * Bins * Capacity);
    private readonly int[] counts = new int[2 * Bins];

    [ThreadStatic]
    private static BlockLists? ofThread;

    /// <summary>The lists of the calling thread.</summary>
    public static BlockLists ForCurrentThread => ofThread ??= new BlockLists();

    /// <summary>Blocks whose pixels all pass this many tests, and of which none passes two more.</summary>
    public ReadOnlySpan<Block> Edges(int passes) => blocks.AsSpan(passes * Capacity, counts[passes]);

    /// <summary>Blocks whose pixels all pass this many tests, and of which no more is known.</summary>
    public ReadOnlySpan<Block> Deep(int passes) => Edges(Bins + passes);

    public void Clear() => Array.Clear(counts);

    public void Add(Block block, bool isEdge)
    {
        var bin = (isEdge ? 0 : Bins) + block.Passes;
        blocks[(bin * Capacity) + counts[bin]++] = block;
    }

    /// <summary>8 by 8 pixels, all of which pass at least <paramref name="Passes"/> tests.</summary>
    /// <param name="Column">First column, in the picture.</param>
    /// <param name="Row">First row, in the tile.</param>
    /// <param name="Passes">0 to <see cref="MostPasses"/>.</param>
    internal readonly record struct Block(short Column, byte Row, byte Passes);
}
