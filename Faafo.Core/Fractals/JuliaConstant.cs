using System.Buffers.Binary;

namespace Faafo.Fractals;

/// <summary>
/// Draws the constant c of z -> z*z + c by the rule of the original Faafo (openstack-archive/faafo): a random point of the box whose own
/// orbit, started at z = c, escapes |z| > 2 after more than 10 and fewer than 100 steps, which is where the interesting pictures are. The
/// original searches without limit; this search stops after <see cref="Attempts"/> and takes the longest orbit found.
/// </summary>
public static class JuliaConstant
{
    /// <summary>Most points tried; a default box needs about 30.</summary>
    public const int Attempts = 10_000;

    private const int FewestSteps = 10;
    private const int MostSteps = 100;

    /// <summary>Draws a constant for the box of a fractal.</summary>
    public static (double Cx, double Cy) Draw(FractalParameters fractal, Random random) =>
        Draw(fractal.Xa, fractal.Xb, fractal.Ya, fractal.Yb, random);

    /// <summary>Draws a point of the box xa..xb, ya..yb by the rule above.</summary>
    public static (double Cx, double Cy) Draw(double xa, double xb, double ya, double yb, Random random)
    {
        (double Cx, double Cy) longest = (xa, ya);
        var longestSteps = -1;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var cx = random.NextDouble() * (xb - xa) + xa;
            var cy = random.NextDouble() * (yb - ya) + ya;
            var steps = Steps(cx, cy);
            if (steps > FewestSteps && steps < MostSteps)
            {
                return (cx, cy);
            }
            if (steps > longestSteps)
            {
                longest = (cx, cy);
                longestSteps = steps;
            }
        }
        return longest;
    }

    /// <summary>Creates a generator that yields the same numbers for the same fractal, on every machine and in every release.</summary>
    public static Random GeneratorFor(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return new Random(BinaryPrimitives.ReadInt32BigEndian(bytes) ^ BinaryPrimitives.ReadInt32BigEndian(bytes[4..])
            ^ BinaryPrimitives.ReadInt32BigEndian(bytes[8..]) ^ BinaryPrimitives.ReadInt32BigEndian(bytes[12..]));
    }

    /// <summary>Counts the steps until |z| > 2 for z started at c; 100 when it has not escaped by then.</summary>
    public static int Steps(double cx, double cy)
    {
        var (x, y) = (cx, cy);
        for (var step = 0; step < MostSteps; step++)
        {
            var (xx, yy) = (x * x, y * y);
            if (!(xx + yy <= 4))
            {
                return step;
            }
            (x, y) = (xx - yy + cx, 2 * x * y + cy);
        }
        return MostSteps;
    }
}
