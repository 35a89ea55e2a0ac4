namespace Faafo.Cli;

/// <summary>Numbers to draw from. The ends may stand in either order, as the original's <c>--min-xa -1.0 --max-xa -4.0</c> do.</summary>
internal readonly record struct RealRange(double Min, double Max)
{
    /// <summary>One of them.</summary>
    public double Draw(Random random) => Min + random.NextDouble() * (Max - Min);
}
