using System.Diagnostics;
using System.Runtime;

namespace Faafo.Benchmarks;

/// <summary>
/// CPU time of two ways to do the same, measured alternately, so that a disturbance of the machine affects both. Both are warmed up, and
/// medians are used. Divisible work is measured in pieces: few short pieces are interrupted, and the median drops those.
/// </summary>
internal static class Pairs
{
    /// <summary>Returns the seconds of each, as the sum of the medians of the pieces, and their ratio (baseline by ours).</summary>
    public static (double Baseline, double Ours, double Ratio) Measure(int rounds, params (Action Baseline, Action Ours)[] pieces)
    {
        Warm(() => Array.ForEach(pieces, piece => piece.Baseline()));
        Warm(() => Array.ForEach(pieces, piece => piece.Ours()));
        var times = pieces.Select(_ => (Baseline: new double[rounds], Ours: new double[rounds])).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < pieces.Length; i++)
            {
                times[i].Baseline[round] = Once(pieces[i].Baseline);
                times[i].Ours[round] = Once(pieces[i].Ours);
            }
        }
        double baseline = times.Sum(piece => Median(piece.Baseline)), ours = times.Sum(piece => Median(piece.Ours));
        return (baseline, ours, baseline / ours);
    }

    /// <summary>Returns the median of the seconds, after warming up.</summary>
    public static double Measure(int rounds, Action ours)
    {
        Warm(ours);
        return Median(Enumerable.Range(0, rounds).Select(_ => Once(ours)));
    }

    /// <summary>Returns the median, of an even number of values the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// Runs until the runtime has optimised the hot code: at least three times and half a second, then until nothing has been compiled for
    /// half a second, but at most five seconds. The compiler has its own thread, which may have to wait for a core.
    /// </summary>
    private static void Warm(Action action)
    {
        var watch = Stopwatch.StartNew();
        var quiet = Stopwatch.StartNew();
        var compiled = JitInfo.GetCompiledMethodCount();
        for (var i = 0; i < 3 || (quiet.ElapsedMilliseconds < 500 && watch.ElapsedMilliseconds < 5000); i++)
        {
            action();
            if (JitInfo.GetCompiledMethodCount() == compiled)
            {
                continue;
            }
            compiled = JitInfo.GetCompiledMethodCount();
            quiet.Restart();
        }
    }

    private static double Once(Action action)
    {
        var start = CpuTime.OfThread();
        action();
        return CpuTime.OfThread() - start;
    }
}
