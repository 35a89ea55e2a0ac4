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
            var rounds = Enumerable.Range(0, quick ? 1 : 5).Select(_ =>
            {
                var count = connections == 1 ? 500 : 4000;
                count = quick ? 1000 : count;
                return (Plain: Round(plain, connections, count), Ours: Round(ours, connections, count));
            }).ToArray();
            var cpu = Pairs.Median(rounds.Select(round => round.Ours.Cpu));
            var plainCpu = Pairs.Median(rounds.Select(round => round.Plain.Cpu));
            var ratio = Pairs.Median(rounds.Select(round => round.Ours.Rate / round.Plain.Rate));
            var rate = Pairs.Median(rounds.Select(round => round.Ours.Rate));
            var plainRate = Pairs.Median(rounds.Select(round => round.Plain.Rate));
            var hasGoal = connections == 64;
            var what = $"POST, {Connections(connections)}";
            yield return new Row($"{what}, API cpu per request",
                $"{plainCpu * 1e3:f3} ms", $"{cpu * 1e3:f3} ms", $"{plainCpu / cpu:f1}x",
                hasGoal ? "<= 0.15 ms" : "", hasGoal ? cpu <= 0.15e-3 : null);
            yield return new Row($"{what}, accepted and confirmed per second",
                $"{plainRate:f0}", $"{rate:f0}", $"{ratio:f1}x", hasGoal ? ">= 2x" : "", hasGoal ? ratio >= 2 : null);
            yield return new Row($"{what}, median and 99 % latency",
                Latencies(rounds.Select(round => round.Plain.Latencies)), Latencies(rounds.Select(round => round.Ours.Latencies)), "", "",
                null);
        }
        foreach (var rows in quick ? [] : new[] { 100_000, 1_000_000 })
        {
            plain.Fill(rows);
            ours.Fill(rows);
            var rounds = Enumerable.Range(0, 3).Select(_ => (Plain: Round(plain, 64, 4000), Ours: Round(ours, 64, 4000))).ToArray();
            var rate = Pairs.Median(rounds.Select(round => round.Ours.Rate));
            var plainRate = Pairs.Median(rounds.Select(round => round.Plain.Rate));
            var rowCount = rows.ToString("n0", CultureInfo.InvariantCulture);
            yield return new Row($"POST, 64 connections, {rowCount} rows, accepted and confirmed per second",
                $"{plainRate:f0}", $"{rate:f0}", $"{rate / plainRate:f1}x", "", null);
        }
    }

    /// <summary>Creates the body of a POST as <c>faafo create</c> sends it.</summary>
    public static byte[] Body(int seed)
    {
        var picture = RandomTasks.Draw(1, seed)[0];
        var task = new NewFractal(
            Guid.NewGuid(), picture.Width, picture.Height, picture.Iterations, picture.Xa, picture.Xb, picture.Ya, picture.Yb);
        return JsonSerializer.SerializeToUtf8Bytes(task, FaafoJson.Default.NewFractal);
    }

    private static (double Cpu, double Rate, double[] Latencies) Round(Service service, int connections, int count)
    {
        var requests = Enumerable.Range(0, count).Select(n => HttpLoad.Post("/v1/fractal", Body(n))).ToArray();
        var before = service.Cpu;
        var watch = Stopwatch.StartNew();
        var (_, latencies) = HttpLoad.Run(service.Address, connections, 201, requests);
        service.WaitUntilPublished();
        return ((service.Cpu - before) / count, count / watch.Elapsed.TotalSeconds, latencies);
    }

    private static string Connections(int count) =>
        count == 1 ? "1 connection" : string.Create(CultureInfo.InvariantCulture, $"{count} connections");

    private static string Latencies(IEnumerable<double[]> rounds)
    {
        var sorted = rounds.SelectMany(latencies => latencies).Order().ToArray();
        return $"{sorted[sorted.Length / 2] * 1e3:f1} / {sorted[(int)(sorted.Length * 0.99)] * 1e3:f1} ms";
    }
}
