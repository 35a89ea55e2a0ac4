using Faafo.Fractals;

namespace Faafo.Cli;

/// <summary>Draws random tasks from ranges. A fixed value is a range of that value alone.</summary>
/// <param name="IsRepeatable">Draws the uuid too, so that the same seed gives the same tasks.</param>
internal sealed record FractalGenerator(
    WholeRange Width, WholeRange Height, WholeRange Iterations, RealRange Xa, RealRange Xb, RealRange Ya, RealRange Yb, bool IsRepeatable)
{
    /// <summary>Real part of the constant; null lets the API draw it.</summary>
    public double? Cx { get; init; }

    /// <summary>Imaginary part of the constant; null lets the API draw it.</summary>
    public double? Cy { get; init; }

    /// <summary>Draws the next task.</summary>
    public NewFractal Draw(Random random) => new(
        IsRepeatable ? DrawUuid(random) : Guid.NewGuid(),
        Width.Draw(random), Height.Draw(random), Iterations.Draw(random),
        Xa.Draw(random), Xb.Draw(random), Ya.Draw(random), Yb.Draw(random))
    {
        Cx = Cx,
        Cy = Cy,
    };

    /// <summary>Draws a UUID of version 4 (RFC 9562, section 5.4).</summary>
    private static Guid DrawUuid(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0f | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3f | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
