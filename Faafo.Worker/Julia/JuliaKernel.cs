using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>Selects the path that the CPU supports, or the one that the environment variable FAAFO_KERNEL names.</summary>
internal static class JuliaKernel
{
    /// <summary>The paths that this CPU supports, slowest first.</summary>
    public static IReadOnlyList<KernelPath> Available { get; } = [.. Enum.GetValues<KernelPath>().Where(IsSupported)];

    /// <summary>The path of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">FAAFO_KERNEL is invalid, or names a path that this CPU does not support.</exception>
    public static KernelPath Default => Choose(Environment.GetEnvironmentVariable("FAAFO_KERNEL"));

    /// <summary>Returns the path of a name (scalar, avx2, avx512), or the fastest one if the name is empty.</summary>
    public static KernelPath Choose(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return Available[^1];
        }
        var path = name switch
        {
            "scalar" => KernelPath.Scalar,
            "avx2" => KernelPath.Avx2,
            "avx512" => KernelPath.Avx512,
            _ => throw new PlatformNotSupportedException($"FAAFO_KERNEL must be scalar, avx2 or avx512 (got '{name}')"),
        };
        return IsSupported(path)
            ? path
            : throw new PlatformNotSupportedException(
                $"FAAFO_KERNEL is {name}, which this CPU does not support: "
                + $"unset it, or use {string.Join(" or ", Available).ToLowerInvariant()}");
    }

    /// <summary>Writes the palette indices of some rows.</summary>
    /// <param name="path">One of <see cref="Available"/>.</param>
    /// <param name="grid">Coordinates of the picture.</param>
    /// <param name="firstRow">First row to draw; a multiple of 8.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="indices">
    /// Receives <see cref="JuliaGrid.Stride"/> bytes per row and must have room up to the next multiple of 8 rows. Bytes outside the
    /// picture may be written too.
    /// </param>
    /// <param name="cancellationToken">Checked between tiles, blocks or rows, and between the stages of a tile.</param>
    public static void Draw(
        KernelPath path, JuliaGrid grid, int firstRow, int rows, Span<byte> indices, CancellationToken cancellationToken)
    {
        switch (path)
        {
            case KernelPath.Avx512 when grid.IsEscapeFinal:
                Avx512Kernel.Draw(grid, firstRow, rows, indices, cancellationToken);
                break;
            case KernelPath.Avx512: // |c| > 2 is rare, and its pixels fail early.
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
