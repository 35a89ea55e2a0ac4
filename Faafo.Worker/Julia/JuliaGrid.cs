namespace Faafo.Worker.Julia;

/// <summary>
/// The coordinates of a picture's pixels, computed once, in the order of operations of the original Faafo (openstack-archive/faafo):
/// <c>x * (xb - xa) / (width - 1) + xa</c>. Another order rounds differently and changes the checksum. The original divides by zero when a
/// side has one pixel; here that pixel lies on <c>xa</c> (or <c>ya</c>).
/// </summary>
internal sealed class JuliaGrid
{
    /// <summary>Pixels per row of the index buffer; the kernels write whole vectors of 64 bytes.</summary>
    public int Stride { get; }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>Rows of the picture.</summary>
    public int Height { get; }

    /// <summary>The most passes that a pixel can count: iterations - 1, from 0 to 65534.</summary>
    public int Limit { get; }

    /// <summary>Real part of c.</summary>
    public double Cx { get; }

    /// <summary>Imaginary part of c.</summary>
    public double Cy { get; }

    /// <summary>
    /// Whether a pixel that has failed a test fails all later ones. Failed means |z|^2 > 4 within rounding errors of some 1e-15, so the
    /// next |z| is at least 4 - |c| within as much: beyond 2, and farther at each step, if |c| leaves room for the rounding errors.
    /// Overflow leads to infinity or NaN, which fail too.
    /// </summary>
    public bool IsEscapeFinal => double.Hypot(Cx, Cy) <= 2 - 1e-9;

    /// <summary>Distance between a pixel and its neighbour at the lower right.</summary>
    public double Diagonal { get; }

    /// <summary>Real parts by column: <see cref="Stride"/> values, padded with the last column.</summary>
    public double[] X { get; }

    /// <summary>Imaginary parts by row: a multiple of 8 values, padded with the last row.</summary>
    public double[] Y { get; }

    /// <summary>Centres of each eight columns of <see cref="X"/> in single precision; a multiple of 8 values.</summary>
    public float[] BlockX { get; }

    /// <summary>Centres of each eight rows of <see cref="Y"/>.</summary>
    public float[] BlockY { get; }

    /// <summary>Computes the coordinates of a picture.</summary>
    public JuliaGrid(JuliaPicture picture)
    {
        Width = picture.Width;
        Height = picture.Height;
        Stride = RoundUp(Width, 64);
        Limit = picture.Iterations - 1;
        Cx = picture.Cx;
        Cy = picture.Cy;
        Diagonal = double.Hypot((picture.Xb - picture.Xa) / Math.Max(Width - 1, 1), (picture.Yb - picture.Ya) / Math.Max(Height - 1, 1));
        X = Axis(picture.Xa, picture.Xb, Width, Stride);
        Y = Axis(picture.Ya, picture.Yb, Height, RoundUp(Height, 8));
        BlockX = Centres(X);
        BlockY = Centres(Y);
    }

    private static float[] Centres(double[] axis)
    {
        var centres = new float[axis.Length / 8];
        for (var i = 0; i < centres.Length; i++)
        {
            centres[i] = (float)(0.5 * (axis[8 * i] + axis[(8 * i) + 7]));
        }
        return centres;
    }

    private static double[] Axis(double first, double last, int pixels, int padded)
    {
        var axis = new double[padded];
        for (var i = 0; i < padded; i++)
        {
            axis[i] = pixels == 1 ? first : (Math.Min(i, pixels - 1) * (last - first) / (pixels - 1)) + first;
        }
        return axis;
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
