namespace Faafo.Cli;

/// <summary>Whole numbers to draw from, both ends included.</summary>
internal readonly record struct WholeRange(int Min, int Max)
{
    /// <summary>One of them.</summary>
    public int Draw(Random random) => random.Next(Min, Max + 1);
}
