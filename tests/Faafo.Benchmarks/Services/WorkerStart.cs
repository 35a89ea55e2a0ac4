using Faafo.TestKit;

namespace Faafo.Benchmarks.Services;

/// <summary>CPU time of a worker from its start until it has rendered the first task, which is waiting for it.</summary>
internal static class WorkerStart
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        using var service = Service.Ours();
        var runs = Enumerable.Range(0, quick ? 1 : 7)
            .Select(_ => (Plain: Start(service, null), Ours: Start(service, ProgramPaths.InstalledWorker))).ToArray();
        var plain = Pairs.Median(runs.Select(run => run.Plain));
        var ours = Pairs.Median(runs.Select(run => run.Ours));
        yield return new Row("worker, start to first task drawn, cpu, ReadyToRun",
            $"{plain * 1e3:f0} ms (JIT)", $"{ours * 1e3:f0} ms", $"{plain / ours:f1}x", "<= 300 ms", ours <= 0.3);
    }

    private static double Start(Service service, string? program)
    {
        HttpLoad.Run(service.Address, 1, 201, [HttpLoad.Post("/v1/fractal", Posting.Body(7))]);
        service.WaitUntilPublished();
        var worker = service.StartWorker(2, program);
        var cpu = 0.0;
        Eventually.TrueAsync("the task is rendered", _ =>
        {
            cpu = worker.HasExited ? throw new InvalidOperationException($"{worker}") : Service.CpuOf(worker.Id);
            return Task.FromResult(worker.Output.Contains("Rendered ", StringComparison.Ordinal));
        }).GetAwaiter().GetResult();
        worker.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        return cpu;
    }
}
