namespace Faafo.Benchmarks.Services;

/// <summary>
/// <c>faafo create --tasks 1</c> as one native file (tests/native), alone and five hundred at once, against a client in the style of the
/// original Faafo (openstack-archive/faafo): Python, urllib, one task.
/// </summary>
internal static class CommandLine
{
    private const string PeakOfChildren =
        "exec python3 -c 'import resource; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'";

    // Wall time of 500 clients of the original at once.
    private const double OriginalSeconds = 88;

    public static IEnumerable<Row> Measure(bool quick)
    {
        var faafo = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../native/faafo"));
        if (!File.Exists(faafo))
        {
            yield return new Row("faafo create, native", "", "not built: tests/native says why", "", "", null);
            yield break;
        }

        using var service = Service.Ours();
        var ours = $"{faafo} --endpoint-url {service.Endpoint} create --tasks 1";
        var python = $"python3 {Path.Combine(AppContext.BaseDirectory, "client.py")} {service.Endpoint}";
        var script = Path.Combine(AppContext.BaseDirectory, "cpu.py");
        var cpu = Child.Numbers(Child.Output("python3", [script, quick ? "4" : "20", "1", python, "10", ours, "10", "true"]));
        var cheaper = cpu[0] / cpu[1];
        yield return new Row("faafo create --tasks 1, cpu", $"{cpu[0] * 1e3:f1} ms (Python)", $"{cpu[1] * 1e3:f2} ms", $"{cheaper:f0}x",
            "<= 6 ms, >= 8x", cpu[1] <= 6e-3 && cheaper >= 8);
        yield return new Row("an empty process (true), cpu", "", $"{cpu[2] * 1e3:f2} ms", "", "", null);

        var memory = Memory(ours);
        var pythonMemory = Memory(python);
        yield return new Row("faafo create --tasks 1, peak RSS", $"{pythonMemory:f1} MB (Python)", $"{memory:f1} MB",
            $"{pythonMemory / memory:f1}x", "<= 12 MB", memory <= 12, true);

        var count = quick ? 30 : 500;
        var before = CountAccepted(service);
        var seconds = AtOnce(ours, count);
        var rejected = count - (CountAccepted(service) - before);
        yield return new Row($"{count} faafo create at once, not accepted", "", $"{rejected}", "", "0", rejected == 0, true);
        var pythonSeconds = AtOnce(python, count);
        yield return new Row($"{count} faafo create at once, wall time", $"{pythonSeconds:f1} s (Python)", $"{seconds:f2} s",
            $"{pythonSeconds / seconds:f1}x", quick ? "" : "<= 88 s / 15", quick ? null : seconds <= OriginalSeconds / 15);
    }

    private static long CountAccepted(Service service) => service.Count("select coalesce(sum(accepted), 0)::bigint from totals");

    /// <summary>
    /// Measures the peak resident memory of the largest of ten runs in MB. The shell, which is small, is replaced by the program that
    /// reports it.
    /// </summary>
    private static double Memory(string command)
    {
        var script = $"for i in 0 1 2 3 4 5 6 7 8 9; do {command} >/dev/null 2>&1 || exit 1; done; {PeakOfChildren}";
        return Child.Numbers(Shell("sh", script)).Single() / 1024;
    }

    private static double AtOnce(string command, int count)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Shell("bash", $"for i in $(seq {count}); do {command} >/dev/null 2>&1 & done; wait");
        return watch.Elapsed.TotalSeconds;
    }

    private static string Shell(string shell, string script) => Child.Output(shell, ["-c", script]);
}
