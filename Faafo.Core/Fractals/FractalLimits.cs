using System.Globalization;

namespace Faafo.Fractals;

/// <summary>The ranges of a fractal's parameters. The API checks them on request, the worker again on delivery.</summary>
public static class FractalLimits
{
    /// <summary>Most pixels of one side.</summary>
    public const int MaxSide = 16_384;

    /// <summary>Most pixels of one picture, 2^28.</summary>
    public const long MaxPixels = 1L << 28;

    /// <summary>Most iterations per pixel.</summary>
    public const int MaxIterations = 65_535;

    /// <summary>Largest magnitude of a box edge or of a part of the constant.</summary>
    public const double MaxCoordinate = 1e6;

    /// <summary>The range of <c>width</c> and <c>height</c> in words.</summary>
    public const string SideLimit = "a whole number from 1 to 16384";

    /// <summary>The range of <c>iterations</c> in words.</summary>
    public const string IterationsLimit = "a whole number from 1 to 65535";

    /// <summary>The range of an edge or a part of the constant in words.</summary>
    public const string CoordinateLimit = "a finite number from -1e6 to 1e6";

    /// <summary>The form of <c>uuid</c> in words.</summary>
    public const string UuidLimit = "a UUID such as 11111111-2222-4333-8444-555555555555";

    /// <summary>Lists every parameter that is out of its range; empty when the fractal can be drawn.</summary>
    public static IReadOnlyList<FieldError> Check(FractalParameters fractal)
    {
        List<FieldError>? errors = null;
        Whole("width", fractal.Width, MaxSide, SideLimit);
        Whole("height", fractal.Height, MaxSide, SideLimit);
        Whole("iterations", fractal.Iterations, MaxIterations, IterationsLimit);
        Coordinate("xa", fractal.Xa);
        Coordinate("xb", fractal.Xb);
        Coordinate("ya", fractal.Ya);
        Coordinate("yb", fractal.Yb);
        Coordinate("cx", fractal.Cx ?? 0);
        Coordinate("cy", fractal.Cy ?? 0);
        if (errors is null && fractal.Pixels() > MaxPixels)
        {
            (errors ??= []).Add(new("width", Text(fractal.Width), "at most 268435456 pixels together with height",
                $"width times height must be at most 268435456 pixels (got {Text(fractal.Pixels())})"));
        }
        return errors ?? (IReadOnlyList<FieldError>)[];

        void Whole(string field, int value, int max, string limit)
        {
            if (value < 1 || value > max)
            {
                (errors ??= []).Add(FieldError.Of(field, Text(value), limit));
            }
        }

        void Coordinate(string field, double value)
        {
            if (!(Math.Abs(value) <= MaxCoordinate))
            {
                (errors ??= []).Add(FieldError.Of(field, Text(value), CoordinateLimit));
            }
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
