namespace Faafo.Worker.Julia;

/// <summary>The plain loop, one pixel after another: the path of CPUs without AVX2, and what the other paths are compared with.</summary>
internal static class ScalarKernel
{
    /// <summary>
    /// See <see cref="JuliaKernel.Draw"/>. The arithmetic is that of Python's complex numbers bit by bit:
    /// each product is rounded before it is added, except <c>zr*zi + zi*zr</c>, which is 2*zr*zi exactly. The original
    /// asks <c>abs(z) > 2</c>; the squared form gives the same answer and, unlike its negation, ends on NaN.
    /// </summary>
    public static void Draw(JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        for (var row = 0; row < rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = indices.Slice(row * grid.Stride, grid.Width);
            for (var x = 0; x < line.Length; x++)
                line[x] = (byte)(Passes(grid.X[x], grid.Y[firstRow + row], grid.Cx, grid.Cy, grid.Limit) & (JuliaPalette.Colours - 1));
        }
    }

    /// <summary>How many of the first <paramref name="limit"/> tests |z| &lt;= 2 a pixel passes before it fails one.</summary>
    public static int Passes(double zr, double zi, double cx, double cy, int limit)
    {
        var passes = 0;
        for (; passes < limit; passes++)
        {
            double a = zr * zr, b = zi * zi, p = zr * zi;
            if (!(a + b <= 4))
                break;
            zr = a - b + cx;
            zi = p + p + cy;
        }

        return passes;
    }
}
