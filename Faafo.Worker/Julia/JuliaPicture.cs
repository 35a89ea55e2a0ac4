namespace Faafo.Worker.Julia;

/// <summary>One picture to draw: z -> z*z + c over a box of the plane, coloured by how many passes stayed within |z| &lt;= 2.</summary>
/// <param name="Width">Pixels per row, 1 to 16384.</param>
/// <param name="Height">Rows, 1 to 16384; width times height is at most 2^28.</param>
/// <param name="Iterations">1 to 65535; a pixel counts at most <c>Iterations - 1</c> passes.</param>
/// <param name="Xa">Real part of the first column, finite, at most 1e6 in magnitude (as are all six that follow).</param>
/// <param name="Xb">Real part of the last column; may lie left of <paramref name="Xa"/>.</param>
/// <param name="Ya">Imaginary part of the first row.</param>
/// <param name="Yb">Imaginary part of the last row.</param>
/// <param name="Cx">Real part of c.</param>
/// <param name="Cy">Imaginary part of c.</param>
internal readonly record struct JuliaPicture(
    int Width, int Height, int Iterations, double Xa, double Xb, double Ya, double Yb, double Cx, double Cy);
