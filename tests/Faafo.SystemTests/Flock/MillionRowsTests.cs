using System.Diagnostics;
using System.Net.Http.Json;
using Faafo.SystemTests.Servers;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>A list of a million fractals.</summary>
public sealed class MillionRowsTests(TestServers servers) : FlockTest(servers)
{
    private const int Rows = 1_000_000;

    [Fact]
    public async Task Last_page_of_a_million_rows_is_as_fast_as_the_first()
    {
        await Flock.StartApiAsync();
        await Flock.Api.CreateAsync(TestTasks.Quick(), Token);
        await Flock.Database.ExecuteAsync($"""
            insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, status, created_at, finished_at, checksum, size)
            select gen_random_uuid(), width, height, iterations, xa, xb, ya, yb, cx, cy, 'done', created_at, created_at,
                md5('') || md5(''), 1
            from fractals, generate_series(2, {Rows});
            update totals set fractals = {Rows}, done = {Rows - 1};
            analyze fractals
            """, Token);

        var first = await MedianAsync("v1/fractal?page=1&results_per_page=10", 1, 10);
        var last = await MedianAsync($"v1/fractal?page={Rows / 10}&results_per_page=10", Rows / 10, 10);

        // Counting rows or skipping 999,990 of them takes hundreds of milliseconds.
        Assert.True(last < first * 5 + TimeSpan.FromMilliseconds(10),
            $"first page {first.TotalMilliseconds} ms, last {last.TotalMilliseconds} ms");
    }

    private async Task<TimeSpan> MedianAsync(string path, int page, int objects)
    {
        var times = new List<TimeSpan>();
        for (var n = 0; n < 15; n++)
        {
            var started = Stopwatch.GetTimestamp();
            var read = await Flock.Http.GetFromJsonAsync(new Uri(path, UriKind.Relative), FaafoJson.Default.FractalPage, Token);
            times.Add(Stopwatch.GetElapsedTime(started));
            Assert.Equal((Rows, page, Rows / 10, objects), (read!.NumResults, read.Page, read.TotalPages, read.Objects.Count));
        }
        return times.Order().ElementAt(times.Count / 2);
    }
}
