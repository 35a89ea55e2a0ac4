using System.Diagnostics;
using Faafo.TestKit.Processes;

namespace Faafo.Benchmarks.Services;

/// <summary>From the request to the stored image: API, PostgreSQL, RabbitMQ, one worker with two slots, files on the disk.</summary>
internal static class EndToEnd
{
    private const int Slots = 2;

    public static IEnumerable<Row> Measure(bool quick)
    {
        using var service = Service.Ours();
        using var worker = new Stopped(service.StartWorker(Slots));
        var count = quick ? 200 : 1000;
        // Warm-up: the runtime keeps compiling for thousands of tasks.
        Run(service, quick ? 100 : 5000, 500_000);
        var rates = Enumerable.Range(0, quick ? 1 : 5).Select(round => Run(service, count, round * count)).ToArray();
        var rate = Pairs.Median(rates);
        // Only the rendering of the original Faafo (openstack-archive/faafo), on as many cores as there are slots.
        var python = PythonBaseline.Draw(RandomTasks.Draw(quick ? 2 : 8, 1));
        var plain = Slots / python.Average(answer => answer.Draw + answer.Png + answer.Hash);
        yield return new Row($"end to end, {count} default tasks, two slots, tasks per second",
            $"{plain:f1} (drawing alone)", $"{rate:f0}", $"{rate / plain:f0}x", ">= 400", rate >= 400);

        var missing = service.Count("select count(*) from fractals where status <> 'done'") + service.Count("select count(*) from outbox");
        yield return new Row("end to end, tasks not drawn or not published", "", $"{missing}", "", "0", missing == 0, true);

        var lone = Enumerable.Range(0, quick ? 20 : 100).Select(n => Run(service, 1, 600_000 + n)).Count();
        var seconds = service.Database.QueryAsync<double>("""
            select extract(epoch from finished_at - created_at)::float8 from fractals order by created_at desc limit @lone
            """, new { lone }, CancellationToken.None).GetAwaiter().GetResult().Order().ToArray();
        yield return new Row("end to end, one task on an empty queue, accepted to done, median and worst",
            "", $"{Pairs.Median(seconds) * 1e3:f0} / {seconds[^1] * 1e3:f0} ms", "", "<= 1 s", seconds[^1] <= 1);
    }

    /// <summary>Creates a number of tasks, waits until all are done, and returns tasks per second.</summary>
    private static double Run(Service service, int count, int seed)
    {
        var requests = Enumerable.Range(0, count).Select(n => HttpLoad.Post("/v1/fractal", Posting.Body(1000 + seed + n))).ToArray();
        var watch = Stopwatch.StartNew();
        HttpLoad.Run(service.Address, Math.Min(16, count), 201, requests);
        while (service.Count("select coalesce(sum(unfinished), 0)::bigint from totals") > 0)
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(2))
            {
                var unfinished = service.Count("select count(*) from fractals where finished_at is null");
                throw new TimeoutException($"not done within two minutes: {unfinished} of {count}");
            }
            Task.Delay(10).GetAwaiter().GetResult();   // of seconds: polling must not load the measured system
        }
        return count / watch.Elapsed.TotalSeconds;
    }

    private sealed class Stopped(ChildProcess process) : IDisposable
    {
        public void Dispose() => process.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
    }
}
