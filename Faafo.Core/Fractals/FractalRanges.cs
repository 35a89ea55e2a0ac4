namespace Faafo.Fractals;

/// <summary>
/// The ranges from which random fractals are drawn: those of <c>faafo create</c> of the original Faafo (openstack-archive/faafo).
/// </summary>
public static class FractalRanges
{
    /// <summary>Fewest pixels of one side.</summary>
    public const int MinSide = 256;

    /// <summary>Most pixels of one side.</summary>
    public const int MaxSide = 1024;

    /// <summary>Fewest iterations per pixel.</summary>
    public const int MinIterations = 128;

    /// <summary>Most iterations per pixel.</summary>
    public const int MaxIterations = 512;

    /// <summary>Smallest and largest absolute value of the real part of the left and right edges.</summary>
    public static readonly (double Min, double Max) RealEdge = (1, 4);

    /// <summary>Smallest and largest absolute value of the imaginary part of the first and last rows.</summary>
    public static readonly (double Min, double Max) ImaginaryEdge = (0.5, 3);

    /// <summary>Draws a task.</summary>
    public static NewFractal Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new NewFractal(Guid.NewGuid(), random.Next(MinSide, MaxSide + 1), random.Next(MinSide, MaxSide + 1),
            random.Next(MinIterations, MaxIterations + 1),
            -Between(random, RealEdge), Between(random, RealEdge), -Between(random, ImaginaryEdge), Between(random, ImaginaryEdge));
    }

    private static double Between(Random random, (double Min, double Max) range) =>
        range.Min + random.NextDouble() * (range.Max - range.Min);
}
