using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Other processes: this program itself, and the Python baseline.</summary>
internal static class Child
{
    /// <summary>
    /// Runs one of <see cref="Comparison.Children"/> in a separate process with one of the kernel's paths. Unless the path needs AVX-512,
    /// the whole runtime runs without it, as on a CPU that does not support it.
    /// </summary>
    public static double[] Run(string name, string argument, KernelPath path) => Numbers(Output(
        Environment.ProcessPath!,
        ["--child", name, argument],
        null,
        ("FAAFO_KERNEL", path.ToString().ToLowerInvariant()),
        ("DOTNET_EnableAVX512", path == KernelPath.Avx512 ? "1" : "0")));

    /// <summary>
    /// Runs one of <see cref="Comparison.Children"/> with real-time priority where the system permits it (as root), so that its wall time
    /// is that of an idle machine.
    /// </summary>
    public static double[] RunUndisturbed(string name, string argument) => Numbers(
        MayRunUndisturbed.Value
            ? Output("chrt", ["--fifo", "1", Environment.ProcessPath!, "--child", name, argument])
            : Output(Environment.ProcessPath!, ["--child", name, argument]));

    /// <summary>Whether the system permits <see cref="RunUndisturbed"/>.</summary>
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

    /// <summary>Runs baseline.py, which is in the program's folder, on tasks; returns one answer per task.</summary>
    public static TAnswer[] Python<TTask, TAnswer>(string command, IEnumerable<TTask> tasks)
    {
        var input = string.Join('\n', tasks.Select(task => JsonSerializer.Serialize(task, Json)));
        var output = Output(Interpreter, [Path.Combine(AppContext.BaseDirectory, "baseline.py"), command], input);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonSerializer.Deserialize<TAnswer>(line, Json)!)];
    }

    /// <summary>Runs a program with a standard input and returns its output; throws if it fails.</summary>
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
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}: {output}");
    }

    /// <summary>Parses numbers that are separated by spaces.</summary>
    public static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>The system's Python, which has Debian's Pillow, even if the PATH starts with another one.</summary>
    private static readonly string Interpreter = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
}
