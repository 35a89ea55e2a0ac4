using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>
/// Tests per second of the plain formula (Faafo skips some of them), against the most that the machine can do: a test with its step takes 8
/// floating-point operations, 4 multiplications (one of them fused) and 4 additions or comparisons.
/// </summary>
internal static class UsefulTests
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        var random = RandomTasks.Draw(50, 1).Select(picture => new JuliaGrid(picture)).ToArray();
        yield return Compare("useful tests, 50 random tasks", random, 0.45, quick);
        JuliaGrid[] inside = [new JuliaGrid(new JuliaPicture(1024, 1024, 512, -0.6, 0.6, -0.6, 0.6, -0.1, 0.1))];
        yield return Compare("useful tests, a picture that never escapes", inside, 0.65, quick);
    }

    private static Row Compare(string what, JuliaGrid[] grids, double goal, bool quick)
    {
        double tests = 0;
        foreach (var grid in grids)
        {
            for (var y = 0; y < grid.Height; y++)
            {
                for (var x = 0; x < grid.Width; x++)
                {
                    tests += Math.Min(ScalarKernel.Passes(grid.X[x], grid.Y[y], grid.Cx, grid.Cy, grid.Limit) + 1, grid.Limit);
                }
            }
        }
        const int most = 300_000;
        var pieces = grids.Select(grid =>
            ((Action)(() => GC.KeepAlive(Peak(most))), (Action)(() => KernelSpeed.Draw(JuliaKernel.Default, grid))));
        var (peak, ours, _) = Pairs.Measure(quick ? 3 : 11, [.. pieces]);
        var steps = most * (double)grids.Length;
        // A step of Peak is 24 operations on vectors of 8 lanes; at 8 operations per test that is 24 tests.
        double peakRate = 24.0 * steps / peak, rate = tests / ours;
        var applies = JuliaKernel.Default == KernelPath.Avx512;
        var peakText = $"{peakRate / 1e9:f2} G/s peak";
        var ratio = $"{rate / peakRate:p0}";
        return new Row(what, peakText, $"{rate / 1e9:f2} G/s", ratio, $">= {goal:p0} (AVX-512)", applies ? rate >= goal * peakRate : null);
    }

    /// <summary>
    /// Runs twelve fused multiplications and twelve additions per step on independent vectors, as many operations as 24 tests take. Eight
    /// of each would just fill two units with a latency of four cycles, and the slightest delay would show.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Peak(int steps)
    {
        Vector512<double> half = Vector512.Create(0.5), one = Vector512<double>.One;
        Vector512<double> m0 = half, m1 = half, m2 = half, m3 = half, m4 = half, m5 = half;
        Vector512<double> m6 = half, m7 = half, m8 = half, m9 = half, m10 = half, m11 = half;
        Vector512<double> a0 = one, a1 = one, a2 = one, a3 = one, a4 = one, a5 = one;
        Vector512<double> a6 = one, a7 = one, a8 = one, a9 = one, a10 = one, a11 = one;
        for (var i = 0; i < steps; i++)
        {
            m0 = Vector512.FusedMultiplyAdd(m0, half, half);
            a0 += one;
            m1 = Vector512.FusedMultiplyAdd(m1, half, half);
            a1 += one;
            m2 = Vector512.FusedMultiplyAdd(m2, half, half);
            a2 += one;
            m3 = Vector512.FusedMultiplyAdd(m3, half, half);
            a3 += one;
            m4 = Vector512.FusedMultiplyAdd(m4, half, half);
            a4 += one;
            m5 = Vector512.FusedMultiplyAdd(m5, half, half);
            a5 += one;
            m6 = Vector512.FusedMultiplyAdd(m6, half, half);
            a6 += one;
            m7 = Vector512.FusedMultiplyAdd(m7, half, half);
            a7 += one;
            m8 = Vector512.FusedMultiplyAdd(m8, half, half);
            a8 += one;
            m9 = Vector512.FusedMultiplyAdd(m9, half, half);
            a9 += one;
            m10 = Vector512.FusedMultiplyAdd(m10, half, half);
            a10 += one;
            m11 = Vector512.FusedMultiplyAdd(m11, half, half);
            a11 += one;
        }
        var multiplied = m0 + m1 + m2 + m3 + m4 + m5 + m6 + m7 + m8 + m9 + m10 + m11;
        var added = a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11;
        return Vector512.Sum(multiplied + added);
    }
}
