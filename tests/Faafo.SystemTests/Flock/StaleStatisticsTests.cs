using Faafo.Fractals;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>A table that has grown since PostgreSQL's last ANALYZE.</summary>
public sealed class StaleStatisticsTests(TestServers servers) : FlockTest(servers)
{
    [Fact]
    public async Task Results_are_stored_without_a_table_scan()
    {
        await Flock.StartApiAsync();
        await Flock.Database.ExecuteAsync("""
            insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, status, created_at, finished_at, checksum, size)
            select gen_random_uuid(), 64, 64, 16, -1, 1, -1, 1, 0, 0, 'done', now(), now(), md5('') || md5(''), 1
            from generate_series(1, 2000)
            """, Token);

        // Concurrently, so that the API stores many in one statement: only then the planner considers a scan cheap.
        var fractals = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Flock.Api.CreateAsync(TestTasks.Quick(n), Token)));
        var taken = await Task.WhenAll(fractals.Select(fractal => Flock.Api.PutResultAsync(
            fractal.Uuid, new FractalResult { Uuid = fractal.Uuid, Error = "any", GeneratedBy = "a test" }, Token)));
        Assert.All(taken, Assert.True);

        // A session reports its statistics after a second without work.
        await Eventually.TrueAsync("the statistics", async token => await ScansAsync("idx_scan", token) >= fractals.Length);
        // Three scans: each of the table's three indexes read it when it was created.
        Assert.Equal(3, await ScansAsync("seq_scan", Token));

        Task<long> ScansAsync(string kind, CancellationToken token) =>
            Flock.Database.CountAsync($"select coalesce({kind}, 0) from pg_stat_user_tables where relname = 'fractals'", token);
    }
}
