using System.Globalization;
using System.Security.Cryptography;

namespace Faafo.Benchmarks.Services;

/// <summary>GET of a page of the list and of an image of 60 KB, over 16 connections.</summary>
internal static class Reading
{
    private const int Connections = 16;

    public static IEnumerable<Row> Measure(bool quick)
    {
        using Service plain = Service.Plain(), ours = Service.Ours();
        plain.Fill(1);
        ours.Fill(1);
        var picture = RandomNumberGenerator.GetBytes(Service.PictureSize);
        var uuid = Query(ours, "select uuid from fractals limit 1", null);
        var folder = Directory.CreateDirectory(Path.Combine(ours.Images, uuid.ToString()[..2]));
        File.WriteAllBytes(Path.Combine(folder.FullName, $"{uuid}.png"), picture);
        var plainUuid = Query(plain,
            "update fractals set image = @picture where uuid = (select uuid from fractals limit 1) returning uuid", new { picture });
        var plainImage = HttpLoad.Get($"/fractal/{plainUuid}");
        yield return Compare("GET image of 60 KB", plain, ours, plainImage, HttpLoad.Get($"/fractal/{uuid}"), quick, true);

        var page = HttpLoad.Get("/v1/fractal?page=1&results_per_page=10");
        foreach (var rows in quick ? [1_000] : new[] { 1_000, 100_000, 1_000_000 })
        {
            plain.Fill(rows);
            ours.Fill(rows);
            var what = $"GET list page, {rows.ToString("n0", CultureInfo.InvariantCulture)} rows";
            yield return Compare(what, plain, ours, page, page, quick, rows == 1_000);
        }
    }

    private static Guid Query(Service service, string sql, object? parameters) =>
        service.Database.QueryAsync<Guid>(sql, parameters, CancellationToken.None).GetAwaiter().GetResult()[0];

    private static Row Compare(
        string what, Service plain, Service ours, byte[] plainRequest, byte[] request, bool quick, bool hasGoal)
    {
        Round(plain, plainRequest, quick ? 1000 : 4000);
        Round(ours, request, quick ? 3000 : 12_000);
        // The baseline counts the rows of the table at every request, which takes long for a large one.
        var smallCount = quick ? 500 : 2000;
        var plainCount = plain.Count("select count(*) from fractals") > 1000 ? 100 : smallCount;
        var rounds = Enumerable.Range(0, quick ? 1 : 5)
            .Select(_ => (Plain: Round(plain, plainRequest, plainCount), Ours: Round(ours, request, quick ? 2000 : 4000))).ToArray();
        var cpu = Pairs.Median(rounds.Select(round => round.Ours.Cpu));
        var plainCpu = Pairs.Median(rounds.Select(round => round.Plain.Cpu));
        var latency = Pairs.Median(rounds.Select(round => round.Ours.Latency));
        var plainLatency = Pairs.Median(rounds.Select(round => round.Plain.Latency));
        return new Row($"{what}: API cpu per request, latency",
            $"{plainCpu * 1e3:f3} ms, {plainLatency * 1e3:f1} ms",
            $"{cpu * 1e3:f3} ms, {latency * 1e3:f1} ms",
            $"{plainCpu / cpu:f1}x, {plainLatency / latency:f1}x",
            hasGoal ? "<= 0.1 ms cpu" : "",
            hasGoal ? cpu <= 0.1e-3 : null);
    }

    private static (double Cpu, double Latency) Round(Service service, byte[] request, int count)
    {
        var before = service.Cpu;
        var (_, latencies) = HttpLoad.Run(service.Address, Connections, 200, [.. Enumerable.Repeat(request, count)]);
        return ((service.Cpu - before) / count, Pairs.Median(latencies));
    }
}
