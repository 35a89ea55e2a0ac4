using Faafo.Fractals;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>A table that has grown since PostgreSQL last looked at it.</summary>
public sealed class YoungTableTests(TestServers servers) : FlockTest(servers)
{
    [Fact]
    public async Task Results_are_entered_without_reading_the_whole_table()
    {
        await Flock.StartApiAsync();
        await Flock.Database.ExecuteAsync("""
            insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, status, created_at, finished_at, checksum, size)
            select gen_random_uuid(), 64, 64, 16, -1, 1, -1, 1, 0, 0, 'done', now(), now(), md5('') || md5(''), 1 from generate_series(1, 2000)
            """, Token);

        // Together, so that many are entered at once: it is then that a scan looks cheap.
        var orders = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Flock.Api.CreateAsync(Orders.Quick(n), Token)));
        var taken = await Task.WhenAll(orders.Select(fractal => Flock.Api.PutResultAsync(
            fractal.Uuid, new FractalResult { Uuid = fractal.Uuid, Error = "of no importance", GeneratedBy = "a test" }, Token)));
        Assert.All(taken, Assert.True);

        // A session tells what it has read once it has had nothing to do for a second.
        await Eventually.TrueAsync("the statistics", async token => await ScansAsync("idx_scan", token) >= orders.Length);
        // Each of the table's three indexes has read it when it was made.
        Assert.Equal(3, await ScansAsync("seq_scan", Token));

        Task<long> ScansAsync(string kind, CancellationToken token) =>
            Flock.Database.CountAsync($"select coalesce({kind}, 0) from pg_stat_user_tables where relname = 'fractals'", token);
    }
}
