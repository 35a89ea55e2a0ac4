namespace Faafo.Cli;

/// <summary>
/// A range of real numbers. Its ends may be in either order, as in <c>--min-xa -1.0 --max-xa -4.0</c> of the original Faafo
/// (openstack-archive/faafo).
/// </summary>
internal readonly record struct RealRange(double Min, double Max)
{
    /// <summary>Draws a number of the range.</summary>
    public double Draw(Random random) => Min + random.NextDouble() * (Max - Min);
}
