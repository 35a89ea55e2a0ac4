using System.Diagnostics;

namespace Faafo.Benchmarks;

/// <summary>
/// Processor time of two ways to do the same, taken in turns, so that what disturbs the machine disturbs both. Both run warm, and medians are kept.
/// </summary>
internal static class Pairs
{
    /// <summary>Seconds of each in the median, and the median of the rounds' ratios (baseline by ours).</summary>
    public static (double Baseline, double Ours, double Ratio) Measure(int rounds, Action baseline, Action ours)
    {
        Warm(baseline);
        Warm(ours);
        double[] baselines = new double[rounds], oursTimes = new double[rounds], ratios = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            baselines[i] = Once(baseline);
            oursTimes[i] = Once(ours);
            ratios[i] = baselines[i] / oursTimes[i];
        }

        return (Median(baselines), Median(oursTimes), Median(ratios));
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

    /// <summary>Three runs, and half a second: by then the runtime has compiled what is hot with what it learned.</summary>
    private static void Warm(Action action)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 3 || watch.ElapsedMilliseconds < 500; i++)
            action();
    }

    private static double Once(Action action)
    {
        var start = CpuTime.OfThread();
        action();
        return CpuTime.OfThread() - start;
    }
}
