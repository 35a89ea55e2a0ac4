namespace Faafo.Cli;

/// <summary>A range of whole numbers that includes both ends.</summary>
internal readonly record struct WholeRange(int Min, int Max)
{
    /// <summary>Draws a number of the range.</summary>
    public int Draw(Random random) => random.Next(Min, Max + 1);
}
