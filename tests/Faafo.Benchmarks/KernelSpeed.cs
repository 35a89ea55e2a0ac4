using System.Globalization;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Compares the kernels with the plain loop, on one core.</summary>
internal static class KernelSpeed
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        var rounds = quick ? 3 : 11;
        foreach (var (path, goal) in new[] { (KernelPath.Avx512, 14.0), (KernelPath.Avx2, 4.0) })
        {
            yield return Compare($"{path} kernel, 50 random tasks", path, goal, $"50 - {rounds}");
            foreach (var side in new[] { 256, 1024, 9999 })
            {
                if (!quick)
                {
                    yield return Compare($"{path} kernel, {side} x {side}", path, null, side == 9999 ? "1 9999 5" : $"8 {side} {rounds}");
                }
            }
        }
    }

    /// <summary>Measures random tasks ("count side rounds"). Returns the nanoseconds per pixel of the loop and of this process's kernel, and their ratio.</summary>
    public static double[] Child(string argument)
    {
        var words = argument.Split(' ');
        var numbers = words.Select(word => word == "-" ? 0 : int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var grids = RandomTasks.Draw(numbers[0], 1, words[1] == "-" ? null : numbers[1]).Select(picture => new JuliaGrid(picture)).ToArray();
        var pixels = grids.Sum(grid => (double)grid.Width * grid.Height);
        var (baseline, ours, ratio) = Pairs.Measure(
            numbers[2], [.. grids.Select(grid => ((Action)(() => Draw(KernelPath.Scalar, grid)), (Action)(() => Draw(JuliaKernel.Default, grid))))]);
        return [baseline / pixels * 1e9, ours / pixels * 1e9, ratio];
    }

    /// <summary>Draws a picture in bands of 64 rows, like the worker.</summary>
    public static void Draw(KernelPath path, JuliaGrid grid)
    {
        if (_band is null || _band.Length < 64 * grid.Stride)
        {
            _band = new byte[64 * grid.Stride];
        }

        for (var y = 0; y < grid.Height; y += 64)
        {
            JuliaKernel.Draw(path, grid, y, Math.Min(64, grid.Height - y), _band, CancellationToken.None);
        }
    }

    [ThreadStatic]
    private static byte[]? _band;

    private static Row Compare(string what, KernelPath path, double? goal, string argument)
    {
        var wanted = goal is null ? "" : $">= {goal:f0}x";
        if (!JuliaKernel.Available.Contains(path))
        {
            return new Row(what, "", "this CPU lacks it", "", wanted, null);
        }

        var result = Benchmarks.Child.Run("kernel", argument, path);
        return new Row(what, $"{result[0]:f2} ns/px", $"{result[1]:f3} ns/px", $"{result[2]:f1}x", wanted, goal is null ? null : result[2] >= goal);
    }
}
