using System.Globalization;

namespace Faafo.Fractals;

/// <summary>What a fractal may ask for. The API checks it at the door, the worker checks it again at the queue.</summary>
public static class FractalLimits
{
    /// <summary>Most pixels of one side.</summary>
    public const int MaxSide = 16_384;

    /// <summary>Most pixels of one picture, 2^28.</summary>
    public const long MaxPixels = 1L << 28;

    /// <summary>Most iterations per pixel.</summary>
    public const int MaxIterations = 65_535;

    /// <summary>Largest absolute value of a box edge or of the constant.</summary>
    public const double MaxCoordinate = 1e6;

    /// <summary>What <c>width</c> and <c>height</c> may be, in words.</summary>
    public const string SideLimit = "a whole number from 1 to 16384";

    /// <summary>What <c>iterations</c> may be, in words.</summary>
    public const string IterationsLimit = "a whole number from 1 to 65535";

    /// <summary>What an edge or a part of the constant may be, in words.</summary>
    public const string CoordinateLimit = "a finite number from -1e6 to 1e6";

    /// <summary>What <c>uuid</c> may be, in words.</summary>
    public const string UuidLimit = "a UUID such as 11111111-2222-4333-8444-555555555555";

    /// <summary>Every value of a task that is out of its limits; empty when it can be drawn.</summary>
    public static IReadOnlyList<FieldError> Check(FractalTask task)
    {
        List<FieldError>? errors = null;
        Whole("width", task.Width, MaxSide, SideLimit);
        Whole("height", task.Height, MaxSide, SideLimit);
        Whole("iterations", task.Iterations, MaxIterations, IterationsLimit);
        Coordinate("xa", task.Xa);
        Coordinate("xb", task.Xb);
        Coordinate("ya", task.Ya);
        Coordinate("yb", task.Yb);
        Coordinate("cx", task.Cx ?? 0);
        Coordinate("cy", task.Cy ?? 0);
        if (errors is null && (long)task.Width * task.Height > MaxPixels)
        {
            (errors ??= []).Add(new("width", Text(task.Width), "at most 268435456 pixels together with height",
                $"width times height must be at most 268435456 pixels, not {Text((long)task.Width * task.Height)}"));
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
