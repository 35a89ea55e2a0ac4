namespace Faafo.Worker.Julia;

/// <summary>The implementations of drawing rows; all give the same bytes.</summary>
internal enum KernelPath
{
    /// <summary><see cref="ScalarKernel"/>.</summary>
    Scalar,

    /// <summary><see cref="Avx2Kernel"/>.</summary>
    Avx2,

    /// <summary><see cref="Avx512Kernel"/>.</summary>
    Avx512,
}
