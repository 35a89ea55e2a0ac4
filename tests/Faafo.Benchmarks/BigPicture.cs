using System.Diagnostics;
using System.Globalization;
using Faafo.Fractals;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>The largest usual picture: the memory of its renderer, and the gain of a second core.</summary>
internal static class BigPicture
{
    private const int Side = 9999;

    public static IEnumerable<Row> Measure(bool quick)
    {
        var worker = WorkerMemoryAsync().GetAwaiter().GetResult();
        yield return new Row($"{Side} x {Side}, peak RSS of an installed worker of two slots",
            $"{worker.Idle:f1} MB before", $"{worker.Peak:f1} MB", "", "<= 56 MB", worker.Peak <= 56);
        // Alternating, so that a noisy neighbour affects both.
        var runs = Enumerable.Range(0, quick ? 1 : 5)
            .Select(_ => (One: Run("1 core"), Two: Run("2 cores"), Each: Run("1 core each"))).ToArray();
        var memory = runs.Max(run => Math.Max(run.One[1], run.Two[1]));
        yield return new Row($"{Side} x {Side}, peak RSS of the renderer's process alone",
            "", $"{memory:f1} MB", "", "<= 56 MB", memory <= 56, true);
        var one = Pairs.Median(runs.Select(run => run.One[0]));
        var two = Pairs.Median(runs.Select(run => run.Two[0]));
        var each = Pairs.Median(runs.Select(run => run.Each[0]));
        var how = Benchmarks.Child.MayRunUndisturbed.Value ? "undisturbed" : "as busy as the machine is";
        yield return new Row(
            $"{Side} x {Side}, two cores against one, wall time, {how}",
            $"{one * 1e3:f1} ms",
            $"{two * 1e3:f1} ms",
            $"{one / two:f2}x",
            ">= 1.5x (quiet machine)",
            Environment.ProcessorCount < 2 ? null : one / two >= 1.5);
        // Two cores of a virtual machine may be two threads of one core, which limits any gain to this ratio.
        yield return new Row($"{Side} x {Side}, two at once on a core each, wall time",
            $"{2 * one * 1e3:f1} ms, one by one", $"{each * 1e3:f1} ms", $"{2 * one / each:f2}x", "", null);

        static double[] Run(string cores) => Benchmarks.Child.RunUndisturbed("big", cores);
    }

    /// <summary>
    /// Draws one picture on a number of cores, or two on a core each; returns the best wall seconds of twelve runs and the peak memory.
    /// Twelve runs on one core precede them: the optimising compiler then has the other core; it would wait forever behind two real-time
    /// threads.
    /// </summary>
    public static double[] Child(string cores)
    {
        var task = RandomTasks.Draw(1, 4, Side)[0];
        var best = double.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            Draw(task, "1 core");
        }
        for (var i = 0; i < 12; i++)
        {
            best = Math.Min(best, Draw(task, cores));
        }
        return [best, PeakMegabytes(Environment.ProcessId)];
    }

    private static double Draw(JuliaPicture task, string cores)
    {
        using var folder = new TemporaryFolder();
        using var file = File.Create(Path.Combine(folder.Path, "big.png"));
        using var other = File.Create(Path.Combine(folder.Path, "other.png"));
        var beside = cores == "1 core each" ? new Thread(() => JuliaPng.Write(task, other, 1, CancellationToken.None)) : null;
        var watch = Stopwatch.StartNew();
        beside?.Start();
        JuliaPng.Write(task, file, cores == "2 cores" ? 2 : 1, CancellationToken.None);
        beside?.Join();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Lets a worker beside an API render the picture; returns its peak memory in megabytes, before and in total.</summary>
    private static async Task<(double Idle, double Peak)> WorkerMemoryAsync()
    {
        using var folder = new TemporaryFolder();
        var endpoint = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var api = ChildProcess.Start(
            ProgramPaths.Built("Faafo.Api", "faafo-api"), ["--urls", endpoint.OriginalString, "--state-dir", folder.Path]);
        await using var worker = ChildProcess.Start(
            ProgramPaths.InstalledWorker, ["--endpoint-url", endpoint.OriginalString, "--state-dir", folder.Path, "--slots", "2"]);
        var client = FaafoClient.Connect(endpoint);
        await WaitAsync("the worker has joined",
            async stop => await client.IsReadyAsync(stop) && (await client.GetNodesAsync(stop)).Count > 0, api, worker);
        var idle = PeakMegabytes(worker.Id);
        var task = RandomTasks.Draw(1, 4, Side)[0];
        var fractal = new NewFractal(Guid.NewGuid(), task.Width, task.Height, task.Iterations, task.Xa, task.Xb, task.Ya, task.Yb)
        {
            Cx = task.Cx,
            Cy = task.Cy,
        };
        await client.CreateAsync(fractal, CancellationToken.None);
        await WaitAsync("the worker has rendered the picture",
            async stop => (await client.FindAsync(fractal.Uuid, stop))!.IsFinished, api, worker);
        var drawn = (await client.FindAsync(fractal.Uuid, CancellationToken.None))!;
        return drawn.Error is null ? (idle, PeakMegabytes(worker.Id)) : throw new InvalidOperationException(drawn.Error);
    }

    /// <summary>Returns the peak resident memory of a process (VmHWM of proc(5)).</summary>
    private static double PeakMegabytes(int processId)
    {
        var peak = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Waits for a condition, at most two minutes and only while the programs run.</summary>
    private static Task WaitAsync(string what, Func<CancellationToken, Task<bool>> isTrue, params ChildProcess[] programs) =>
        Eventually.TrueAsync(what, stop =>
        {
            if (programs.Any(program => program.HasExited))
            {
                var outputs = string.Join('\n', programs.Select(program => program.Output));
                throw new InvalidOperationException($"a program exited before {what}: {outputs}");
            }
            return isTrue(stop);
        }, TimeSpan.FromMinutes(2));
}
