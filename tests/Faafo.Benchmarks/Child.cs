using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Runs child processes: this program again, and the Python baseline.</summary>
internal static class Child
{
    /// <summary>
    /// Runs one of <see cref="Comparison.Children"/> in a separate process, on one of the kernel's paths. Unless the path needs AVX-512,
    /// it is off in the whole runtime, as on a CPU without it.
    /// </summary>
    public static double[] Run(string name, string argument, KernelPath path) => Numbers(Output(
        Environment.ProcessPath!,
        ["--child", name, argument],
        null,
        ("FAAFO_KERNEL", path.ToString().ToLowerInvariant()),
        ("DOTNET_EnableAVX512", path == KernelPath.Avx512 ? "1" : "0")));

    /// <summary>
    /// Runs one of <see cref="Comparison.Children"/> with real-time priority where the system allows it (as root), so that its wall time
    /// is that of an idle machine.
    /// </summary>
    public static double[] RunUndisturbed(string name, string argument) => Numbers(
        MayRunUndisturbed.Value
            ? Output("chrt", ["--fifo", "1", Environment.ProcessPath!, "--child", name, argument])
            : Output(Environment.ProcessPath!, ["--child", name, argument]));

    /// <summary>Whether <see cref="RunUndisturbed"/> gets real-time priority here.</summary>
    public static Lazy<bool> MayRunUndisturbed { get; } = new(() =>
    {
        try
        {
            return Output("chrt", ["--fifo", "1", "echo", "yes"]) == "yes\n";
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Runs baseline.py, which is in the program's folder, on tasks. Returns one answer for each.</summary>
    public static TAnswer[] Python<TTask, TAnswer>(string command, IEnumerable<TTask> tasks) =>
        [.. Output(Interpreter, [Path.Combine(AppContext.BaseDirectory, "baseline.py"), command], string.Join('\n', tasks.Select(task => JsonSerializer.Serialize(task, Json))))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<TAnswer>(line, Json)!)];

    /// <summary>Runs a program with a standard input and returns what it prints; throws if it fails.</summary>
    public static string Output(string program, string[] arguments, string? input = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with code {process.ExitCode}: {output}");
    }

    /// <summary>Parses numbers that are separated by spaces.</summary>
    public static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>The system's own Python, which has Debian's Pillow, even if another one comes first in the PATH.</summary>
    private static readonly string Interpreter = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
}
