using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Faafo.TestKit.Processes;

/// <summary>A process of a test in its own process group: its output is kept, and it never outlives the test run.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(ProcessStartInfo start, string name)
    {
        Name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Add(e.Data);
        _process.ErrorDataReceived += (_, e) => Add(e.Data);
        _process.Start();
        Reaper.Watch(Id);
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a program without the FAAFO_* variables of the environment.</summary>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null)
    {
        // setsid replaces itself with the program, which keeps the process id and leads a group of that number.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Reaper.Folder,
        };
        start.ArgumentList.Add(file);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAAFO_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return new ChildProcess(start, Path.GetFileName(file));
    }

    /// <summary>Runs a program to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">The exit code was not 0.</exception>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await using var process = Start(file, arguments);
        return await process.WaitAsync(cancellationToken) == 0 ? process.Output
            : throw new InvalidOperationException($"{process} ended with exit code {process._process.ExitCode}");
    }

    /// <summary>The program's name.</summary>
    public string Name { get; }

    /// <summary>The process id, which is also the id of its group.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has exited.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits until the process exits; returns its exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        Reaper.Forget(Id);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt() => Signal(Id, SigInt);

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal(Id, SigTerm);

    /// <summary>Sends SIGTERM and waits; returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken)
    {
        Terminate();
        return WaitAsync(cancellationToken);
    }

    /// <summary>Suspends the process group: its connections stay open and get no response.</summary>
    public void Freeze() => Signal(-Id, SigStop);

    /// <summary>Resumes the process group.</summary>
    public void Thaw() => Signal(-Id, SigContinue);

    /// <summary>Kills the process group without a chance to clean up.</summary>
    public async Task KillAsync()
    {
        if (!HasExited)
        {
            Signal(-Id, SigKill);
        }
        await WaitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    /// <summary>Describes name, state and last output, for the messages of failed tests.</summary>
    public override string ToString()
    {
        var lines = Output.Split('\n');
        return $"{Name} ({(HasExited ? $"ended with exit code {_process.ExitCode}" : $"running as {Id}")})\n" + string.Join(
            '\n', lines.TakeLast(40));
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }

    private static void Signal(int processId, int signal)
    {
        const int noSuchProcess = 3;
        if (kill(processId, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not noSuchProcess)
        {
            throw new Win32Exception(error);
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);
}
