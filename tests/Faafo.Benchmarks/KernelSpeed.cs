using System.Globalization;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>The kernels against the scalar kernel, on one core.</summary>
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

    /// <summary>
    /// Takes "count side rounds" of random tasks; returns ns per pixel of the scalar kernel and of this process's kernel, and the ratio.
    /// </summary>
    public static double[] Child(string argument)
    {
        var words = argument.Split(' ');
        var numbers = words.Select(word => word == "-" ? 0 : int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var pictures = RandomTasks.Draw(numbers[0], 1, words[1] == "-" ? null : numbers[1]);
        var grids = pictures.Select(picture => new JuliaGrid(picture)).ToArray();
        var pixels = grids.Sum(grid => (double)grid.Width * grid.Height);
        var pieces = grids.Select(grid => ((Action)(() => Draw(KernelPath.Scalar, grid)), (Action)(() => Draw(JuliaKernel.Default, grid))));
        var (baseline, ours, ratio) = Pairs.Measure(numbers[2], [.. pieces]);
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
            return new Row(what, "", "not supported by this CPU", "", wanted, null);
        }
        var result = Benchmarks.Child.Run("kernel", argument, path);
        bool? met = goal is null ? null : result[2] >= goal;
        return new Row(what, $"{result[0]:f2} ns/px", $"{result[1]:f3} ns/px", $"{result[2]:f1}x", wanted, met);
    }
}
