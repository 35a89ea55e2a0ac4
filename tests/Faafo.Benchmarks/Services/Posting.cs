using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Faafo.Fractals;

namespace Faafo.Benchmarks.Services;

/// <summary>Measures POST of one task, from the first request until the broker has confirmed the last message.</summary>
internal static class Posting
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        using Service plain = Service.Plain(), ours = Service.Ours();
        Round(plain, 64, quick ? 1000 : 10_000);
        Round(ours, 64, quick ? 1000 : 10_000);
        foreach (var connections in quick ? [64] : new[] { 1, 16, 64, 256 })
        {
            var full = connections == 1 ? 500 : 4000;
            var count = quick ? 1000 : full;
            var rounds = Enumerable.Range(0, quick ? 1 : 5)
                .Select(_ => (Plain: Round(plain, connections, count), Ours: Round(ours, connections, count))).ToArray();
            double cpu = Pairs.Median(rounds.Select(round => round.Ours.Cpu)), plainCpu = Pairs.Median(rounds.Select(round => round.Plain.Cpu));
            var ratio = Pairs.Median(rounds.Select(round => round.Ours.Rate / round.Plain.Rate));
            var hasGoal = connections == 64;
            yield return new Row($"POST, {Connections(connections)}, API cpu per request", $"{plainCpu * 1e3:f3} ms", $"{cpu * 1e3:f3} ms", $"{plainCpu / cpu:f1}x", hasGoal ? "<= 0.15 ms" : "", hasGoal ? cpu <= 0.15e-3 : null);
            yield return new Row($"POST, {Connections(connections)}, accepted and confirmed per second", $"{Pairs.Median(rounds.Select(round => round.Plain.Rate)):f0}", $"{Pairs.Median(rounds.Select(round => round.Ours.Rate)):f0}", $"{ratio:f1}x", hasGoal ? ">= 2x" : "", hasGoal ? ratio >= 2 : null);
            yield return new Row($"POST, {Connections(connections)}, median and 99 % latency", Latencies(rounds.Select(round => round.Plain.Latencies)), Latencies(rounds.Select(round => round.Ours.Latencies)), "", "", null);
        }

        foreach (var rows in quick ? [] : new[] { 100_000, 1_000_000 })
        {
            plain.Fill(rows);
            ours.Fill(rows);
            var rounds = Enumerable.Range(0, 3).Select(_ => (Plain: Round(plain, 64, 4000), Ours: Round(ours, 64, 4000))).ToArray();
            double rate = Pairs.Median(rounds.Select(round => round.Ours.Rate)), plainRate = Pairs.Median(rounds.Select(round => round.Plain.Rate));
            yield return new Row($"POST, 64 connections, {rows.ToString("n0", CultureInfo.InvariantCulture)} rows, accepted and confirmed per second", $"{plainRate:f0}", $"{rate:f0}", $"{rate / plainRate:f1}x", "", null);
        }
    }

    /// <summary>Returns the body of a task as <c>faafo create</c> sends it.</summary>
    public static byte[] TaskBody(int seed)
    {
        var picture = RandomTasks.Draw(1, seed)[0];
        return JsonSerializer.SerializeToUtf8Bytes(
            new NewFractal(Guid.NewGuid(), picture.Width, picture.Height, picture.Iterations, picture.Xa, picture.Xb, picture.Ya, picture.Yb), FaafoJson.Default.NewFractal);
    }

    private static (double Cpu, double Rate, double[] Latencies) Round(Service service, int connections, int count)
    {
        var requests = Enumerable.Range(0, count).Select(n => HttpLoad.Post("/v1/fractal", TaskBody(n))).ToArray();
        var before = service.Cpu;
        var watch = Stopwatch.StartNew();
        var (_, latencies) = HttpLoad.Run(service.Address, connections, 201, requests);
        service.WaitUntilPublished();
        return ((service.Cpu - before) / count, count / watch.Elapsed.TotalSeconds, latencies);
    }

    private static string Connections(int count) => count == 1 ? "1 connection" : string.Create(CultureInfo.InvariantCulture, $"{count} connections");

    private static string Latencies(IEnumerable<double[]> rounds)
    {
        var sorted = rounds.SelectMany(latencies => latencies).Order().ToArray();
        return $"{sorted[sorted.Length / 2] * 1e3:f1} / {sorted[(int)(sorted.Length * 0.99)] * 1e3:f1} ms";
    }
}
