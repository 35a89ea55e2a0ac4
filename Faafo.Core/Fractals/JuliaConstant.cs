using System.Buffers.Binary;

namespace Faafo.Fractals;

/// <summary>
/// Draws the constant c of z -> z*z + c. The original's rule: a random point of the box whose own orbit, begun at z = c, escapes
/// |z| > 2 after more than 10 and fewer than 100 steps, which is where the interesting pictures are. The original searches without
/// end; here the search is bounded and then takes the longest orbit it saw.
/// </summary>
public static class JuliaConstant
{
    /// <summary>Points tried before the longest orbit is taken; a default box needs about 30.</summary>
    public const int Attempts = 10_000;

    private const int FewestSteps = 10;
    private const int MostSteps = 100;

    /// <summary>A point of the box xa..xb, ya..yb by the rule above.</summary>
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
                (longest, longestSteps) = ((cx, cy), steps);
            }
        }
        return longest;
    }

    /// <summary>A generator that gives the same numbers for the same fractal, on every machine and in every release.</summary>
    public static Random GeneratorFor(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return new Random(BinaryPrimitives.ReadInt32BigEndian(bytes) ^ BinaryPrimitives.ReadInt32BigEndian(bytes[4..])
            ^ BinaryPrimitives.ReadInt32BigEndian(bytes[8..]) ^ BinaryPrimitives.ReadInt32BigEndian(bytes[12..]));
    }

    /// <summary>Steps until |z| > 2 for z begun at c; 100 when it has not escaped by then.</summary>
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
