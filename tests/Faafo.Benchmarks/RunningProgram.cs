using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Faafo.Benchmarks;

/// <summary>One of Faafo's programs until the object's end.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly StringBuilder output = new();
    private readonly Process process;

    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its options.</param>
    public RunningProgram(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasEnded => process.HasExited;

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>The most of it that was in memory at once (VmHWM of proc(5)).</summary>
    public double PeakMegabytes() => PeakMegabytes(process.Id);

    /// <summary>The same of any process.</summary>
    public static double PeakMegabytes(int processId)
    {
        var peak = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Append(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }
}
