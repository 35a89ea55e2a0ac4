using System.Diagnostics;
using System.Runtime;

namespace Faafo.Benchmarks;

/// <summary>
/// Processor time of two ways to do the same, taken in turns, so that what disturbs the machine disturbs both. Both run warm, and medians are
/// kept. Work that can be cut is measured in pieces: few of the short ones are interrupted, and the median drops those.
/// </summary>
internal static class Pairs
{
    /// <summary>Seconds of each, the sum of the pieces' medians, and their ratio (baseline by ours).</summary>
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

    /// <summary>Seconds in the median, after warming.</summary>
    public static double Measure(int rounds, Action ours)
    {
        Warm(ours);
        return Median(Enumerable.Range(0, rounds).Select(_ => Once(ours)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// Runs until the runtime has compiled what is hot with what it learned: three times and for half a second at least, then on until
    /// nothing has been compiled for as long, five seconds at most. It compiles in a thread of its own, which may have to wait for a core.
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
