using Faafo.Fractals;

namespace Faafo.Worker.Julia;

/// <summary>A picture to draw: z -> z*z + c over a box of the complex plane, coloured by the number of passes with |z| &lt;= 2.</summary>
/// <param name="Width">Pixels per row, from 1 to 16384.</param>
/// <param name="Height">Rows, from 1 to 16384; width times height is at most 2^28.</param>
/// <param name="Iterations">From 1 to 65535; a pixel counts at most <c>Iterations - 1</c> passes.</param>
/// <param name="Xa">Real part of the first column, finite and at most 1e6 in magnitude, like the five values below.</param>
/// <param name="Xb">Real part of the last column; may be less than <paramref name="Xa"/>.</param>
/// <param name="Ya">Imaginary part of the first row.</param>
/// <param name="Yb">Imaginary part of the last row.</param>
/// <param name="Cx">Real part of c.</param>
/// <param name="Cy">Imaginary part of c.</param>
internal readonly record struct JuliaPicture(
    int Width, int Height, int Iterations, double Xa, double Xb, double Ya, double Yb, double Cx, double Cy)
{
    /// <summary>Describes the picture of a fractal, whose constant is known by now.</summary>
    public static JuliaPicture Of(FractalParameters fractal) => new(fractal.Width, fractal.Height, fractal.Iterations,
        fractal.Xa, fractal.Xb, fractal.Ya, fractal.Yb, fractal.Cx!.Value, fractal.Cy!.Value);
}
