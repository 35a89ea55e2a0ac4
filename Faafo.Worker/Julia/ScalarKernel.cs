namespace Faafo.Worker.Julia;

/// <summary>Draws one pixel after another: the path for CPUs without AVX2, and the reference for the other paths.</summary>
internal static class ScalarKernel
{
    /// <summary>
    /// See <see cref="JuliaKernel.Draw"/>. The arithmetic equals that of Python's complex numbers bit by bit: each product is rounded
    /// before it is added, except <c>zr*zi + zi*zr</c>, which is exactly 2*zr*zi. The original Faafo (openstack-archive/faafo) tests
    /// <c>abs(z) > 2</c>; <c>a + b &lt;= 4</c> gives the same result and, unlike <c>a + b > 4</c>, stops at NaN.
    /// </summary>
    public static void Draw(JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        for (var row = 0; row < rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = indices.Slice(row * grid.Stride, grid.Width);
            for (var x = 0; x < line.Length; x++)
            {
                line[x] = (byte)(Passes(grid.X[x], grid.Y[firstRow + row], grid.Cx, grid.Cy, grid.Limit) & (JuliaPalette.Colours - 1));
            }
        }
    }

    /// <summary>Counts the tests |z| &lt;= 2 that a pixel passes before it fails one, up to <paramref name="limit"/>.</summary>
    public static int Passes(double zr, double zi, double cx, double cy, int limit)
    {
        var passes = 0;
        for (; passes < limit; passes++)
        {
            double a = zr * zr, b = zi * zi, p = zr * zi;
            if (!(a + b <= 4))
            {
                break;
            }
            zr = a - b + cx;
            zi = p + p + cy;
        }
        return passes;
    }
}
