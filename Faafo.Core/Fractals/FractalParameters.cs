using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>
/// What is drawn: the Julia set of z -> z*z + c over a box of the complex plane. Base of everything that names a fractal on its way:
/// <see cref="NewFractal"/>, <see cref="FractalTask"/> and <see cref="Fractal"/>.
/// </summary>
/// <remarks>
/// Property orders leave gaps, because the derived records place their own fields between these: each has its own order on the wire. The
/// ranges are for readers and the OpenAPI document; <see cref="FractalLimits"/> enforces them.
/// </remarks>
public abstract record FractalParameters
{
    /// <summary>Width in pixels, 1 to 16384.</summary>
    [JsonPropertyOrder(10), Range(1, FractalLimits.MaxSide)]
    public virtual required int Width { get; init; }

    /// <summary>Height in pixels, 1 to 16384; width times height is at most 2^28.</summary>
    [JsonPropertyOrder(20), Range(1, FractalLimits.MaxSide)]
    public required int Height { get; init; }

    /// <summary>Most iterations per pixel, 1 to 65535.</summary>
    [JsonPropertyOrder(30), Range(1, FractalLimits.MaxIterations)]
    public required int Iterations { get; init; }

    /// <summary>Real part of the left edge. Like all coordinates it is from -1e6 to 1e6.</summary>
    [JsonPropertyOrder(50), Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public required double Xa { get; init; }

    /// <summary>Real part of the right edge; may be smaller than that of the left one.</summary>
    [JsonPropertyOrder(51), Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public required double Xb { get; init; }

    /// <summary>Imaginary part of the first row.</summary>
    [JsonPropertyOrder(52), Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public required double Ya { get; init; }

    /// <summary>Imaginary part of the last row.</summary>
    [JsonPropertyOrder(53), Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public required double Yb { get; init; }

    /// <summary>Real part of the constant c; null until it is chosen or drawn.</summary>
    [JsonPropertyOrder(70), Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public virtual double? Cx { get; init; }

    /// <summary>Imaginary part of the constant c; null until it is chosen or drawn.</summary>
    [JsonPropertyOrder(71), Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public virtual double? Cy { get; init; }

    /// <summary>Counts the pixels.</summary>
    public long Pixels() => (long)Width * Height;

    /// <summary>Computes pixels times iterations, the unit in which waiting work is counted.</summary>
    public long Work() => Pixels() * Iterations;

    /// <summary>Compares the parameters alone, whatever the derived records add.</summary>
    public bool HasSameParameters(FractalParameters other) =>
        Width == other.Width && Height == other.Height && Iterations == other.Iterations
        && Xa.Equals(other.Xa) && Xb.Equals(other.Xb) && Ya.Equals(other.Ya) && Yb.Equals(other.Yb)
        && Nullable.Equals(Cx, other.Cx) && Nullable.Equals(Cy, other.Cy);
}
