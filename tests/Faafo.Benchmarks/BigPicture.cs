using System.Diagnostics;
using System.Globalization;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>The largest usual picture, drawn into a file by a process of its own: its memory, and what a second core gives.</summary>
internal static class BigPicture
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        // In turns, so that a noisy neighbour meets both.
        var runs = Enumerable.Range(0, quick ? 1 : 5).Select(_ => (One: Benchmarks.Child.Run("big", "1"), Two: Benchmarks.Child.Run("big", "2"))).ToArray();
        var memory = runs.Max(run => Math.Max(run.One[1], run.Two[1]));
        yield return new Row("9999 x 9999, peak RSS of the rendering process", "", $"{memory:f1} MB", "", "<= 56 MB", memory <= 56, true);
        double one = Pairs.Median(runs.Select(run => run.One[0])), two = Pairs.Median(runs.Select(run => run.Two[0]));
        var ratio = Pairs.Median(runs.Select(run => run.One[0] / run.Two[0]));
        yield return new Row("9999 x 9999, two cores against one, wall time", $"{one * 1e3:f0} ms", $"{two * 1e3:f0} ms", $"{ratio:f2}x", ">= 1.5x (quiet machine)", Environment.ProcessorCount < 2 ? null : ratio >= 1.5);
    }

    /// <summary>Draws on so many cores; the best wall seconds of twelve (the first ones run while the code is still being compiled), and the process's peak resident memory in MB.</summary>
    public static double[] Child(string cores)
    {
        var task = RandomTasks.Draw(1, 4, 9999)[0];
        var best = double.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            using var folder = new TemporaryFolder();
            using var file = File.Create(Path.Combine(folder.Path, "big.png"));
            var watch = Stopwatch.StartNew();
            JuliaPng.Write(task, file, int.Parse(cores, CultureInfo.InvariantCulture), CancellationToken.None);
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return [best, double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024];
    }
}
