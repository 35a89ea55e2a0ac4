using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>Chooses the path by what the CPU has, or by the environment variable FAAFO_KERNEL.</summary>
internal static class JuliaKernel
{
    /// <summary>The paths that this CPU can run, slowest first.</summary>
    public static IReadOnlyList<KernelPath> Available { get; } = [.. Enum.GetValues<KernelPath>().Where(IsSupported)];

    /// <summary>The path of this process; reading it throws <see cref="PlatformNotSupportedException"/> when FAAFO_KERNEL asks for another CPU.</summary>
    public static KernelPath Default => Choose(Environment.GetEnvironmentVariable("FAAFO_KERNEL"));

    /// <summary>The path that <paramref name="wanted"/> names (scalar, avx2, avx512), or the best one when it names none.</summary>
    public static KernelPath Choose(string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
            return Available[^1];
        var path = wanted switch
        {
            "scalar" => KernelPath.Scalar,
            "avx2" => KernelPath.Avx2,
            "avx512" => KernelPath.Avx512,
            _ => throw new PlatformNotSupportedException($"FAAFO_KERNEL is '{wanted}'; it can be scalar, avx2 or avx512."),
        };
        return IsSupported(path)
            ? path
            : throw new PlatformNotSupportedException(
                $"FAAFO_KERNEL asks for {wanted}, which this CPU lacks. Unset it, or choose {string.Join(" or ", Available).ToLowerInvariant()}.");
    }

    /// <summary>Writes the palette index of each pixel of some rows.</summary>
    /// <param name="path">One of <see cref="Available"/>.</param>
    /// <param name="grid">The picture.</param>
    /// <param name="firstRow">First row to draw, a multiple of 8.</param>
    /// <param name="rows">How many.</param>
    /// <param name="indices">
    /// Gets <see cref="JuliaGrid.Stride"/> bytes per row; has room for the next multiple of 8 rows. What lies beyond the picture may be
    /// written too.
    /// </param>
    /// <param name="cancellationToken">Looked at between tiles, blocks or rows, and between the stages of a tile.</param>
    public static void Draw(KernelPath path, JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        switch (path)
        {
            case KernelPath.Avx512 when grid.OutIsOut:
                Avx512Kernel.Draw(grid, firstRow, rows, indices, cancellationToken);
                break;
            case KernelPath.Avx512: // A c outside |c| <= 2 is rare, and its pixels fail at once.
            case KernelPath.Avx2:
                Avx2Kernel.Draw(grid, firstRow, rows, indices, cancellationToken);
                break;
            default:
                ScalarKernel.Draw(grid, firstRow, rows, indices, cancellationToken);
                break;
        }
    }

    private static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Avx512 => Avx512F.IsSupported && Avx512DQ.IsSupported && Bmi2.X64.IsSupported,
        KernelPath.Avx2 => Avx2.IsSupported && Fma.IsSupported && Bmi2.X64.IsSupported,
        _ => true,
    };
}
