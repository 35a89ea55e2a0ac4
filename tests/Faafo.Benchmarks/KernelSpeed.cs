using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>The kernels against the plain loop, one core.</summary>
internal static class KernelSpeed
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        var rounds = quick ? 3 : 11;
        foreach (var (path, goal) in new[] { (KernelPath.Avx512, 14.0), (KernelPath.Avx2, 4.0) })
        {
            yield return Compare($"{path} kernel, 50 random tasks", path, goal, $"50 - {rounds}");
            foreach (var side in new[] { 256, 1024, 9999 })
                if (!quick)
                    yield return Compare($"{path} kernel, {side} x {side}", path, null, side == 9999 ? "1 9999 3" : $"8 {side} {rounds}");
        }
    }

    /// <summary>"count side rounds" of random tasks: ns per pixel of the loop and of this process's best kernel, and the ratio.</summary>
    public static double[] Child(string argument)
    {
        var words = argument.Split(' ');
        var grids = RandomTasks.Draw(int.Parse(words[0]), 1, words[1] == "-" ? null : int.Parse(words[1])).Select(picture => new JuliaGrid(picture)).ToArray();
        var pixels = grids.Sum(grid => (double)grid.Width * grid.Height);
        var (baseline, ours, ratio) = Pairs.Measure(int.Parse(words[2]), () => DrawAll(KernelPath.Scalar, grids), () => DrawAll(JuliaKernel.Default, grids));
        return [baseline / pixels * 1e9, ours / pixels * 1e9, ratio];
    }

    /// <summary>Draws pictures in bands of 64 rows, as the worker does.</summary>
    public static void DrawAll(KernelPath path, JuliaGrid[] grids)
    {
        foreach (var grid in grids)
        {
            if (band is null || band.Length < 64 * grid.Stride)
                band = new byte[64 * grid.Stride];
            for (var y = 0; y < grid.Height; y += 64)
                JuliaKernel.Draw(path, grid, y, Math.Min(64, grid.Height - y), band, CancellationToken.None);
        }
    }

    [ThreadStatic]
    private static byte[]? band;

    /// <summary>The AVX2 kernel runs without AVX-512 in the whole runtime, as on a CPU that lacks it.</summary>
    private static Row Compare(string what, KernelPath path, double? goal, string argument)
    {
        var wanted = goal is null ? "" : $">= {goal:f0}x";
        if (!JuliaKernel.Available.Contains(path))
            return new Row(what, "", "this CPU lacks it", "", wanted, null);
        var result = Benchmarks.Child.Run(
            "kernel", argument, ("FAAFO_KERNEL", path.ToString().ToLowerInvariant()), ("DOTNET_EnableAVX512", path == KernelPath.Avx512 ? "1" : "0"));
        return new Row(what, $"{result[0]:f2} ns/px", $"{result[1]:f3} ns/px", $"{result[2]:f1}x", wanted, goal is null ? null : result[2] >= goal);
    }
}
