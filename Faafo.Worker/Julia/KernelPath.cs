namespace Faafo.Worker.Julia;

/// <summary>The ways to draw rows; all give the same bytes.</summary>
internal enum KernelPath
{
    Scalar,
    Avx2,
    Avx512,
}
