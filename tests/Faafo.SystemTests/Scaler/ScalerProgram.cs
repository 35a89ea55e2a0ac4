using System.Globalization;
using Faafo.SystemTests.Flock;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Scaler;

/// <summary>The built faafo-scaler with the state directory and port of one test, and the processes that it starts.</summary>
internal sealed class ScalerProgram : IAsyncDisposable
{
    private readonly List<ChildProcess> _started = [];

    public static string Executable { get; } = TestFlock.PathOf("Faafo.Scaler", "faafo-scaler");

    public string StateDir { get; } = Path.Combine(Directory.CreateTempSubdirectory("faafo-flock-").FullName, "state");

    public int Port { get; } = FreePort.Next();

    public IFaafoApi Api => FaafoClient.Connect(new Uri($"http://127.0.0.1:{Port}"));

    /// <summary>The process ids of the live instances of this state directory, by name.</summary>
    public Dictionary<string, int> Processes => Directory.Exists(Instances)
        ? Directory.GetDirectories(Instances).Select(folder => (Name: Path.GetFileName(folder), Pid: Pid(folder)))
            .Where(p => p.Pid is { } pid && IsAlive(pid)).ToDictionary(p => p.Name, p => p.Pid!.Value)
        : [];

    public string Log =>
        File.Exists(Path.Combine(StateDir, "logs", "scaler.log")) ? File.ReadAllText(Path.Combine(StateDir, "logs", "scaler.log")) : "";

    private string Instances => Path.Combine(StateDir, "instances");

    /// <summary>Starts a command with the state directory.</summary>
    public ChildProcess Start(params string[] arguments)
    {
        var child = ChildProcess.Start(Executable, [.. arguments, "--state-dir", StateDir]);
        _started.Add(child);
        return child;
    }

    /// <summary>Starts <c>up</c> on the port and waits until its API and first worker are ready.</summary>
    public async Task<ChildProcess> UpAsync(params string[] options)
    {
        var up = Start(["up", "--port", Port.ToString(CultureInfo.InvariantCulture), .. options]);
        await WorkersAsync(1, up);
        return up;
    }

    /// <summary>Runs a command until it exits.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var child = Start(arguments);
        return (await child.WaitAsync(TestContext.Current.CancellationToken), child.Output);
    }

    /// <summary>Waits until this many workers are ready.</summary>
    public Task WorkersAsync(int count, ChildProcess scaler) => Eventually.GetAsync($"{count} workers", async stop =>
    {
        Assert.False(scaler.HasExited, scaler.ToString());
        try
        {
            return (await Api.GetNodesAsync(stop)).Count(n => n is { Report.Role: "worker", State: Nodes.NodeState.Ready, Drain: false });
        }
        catch (FaafoApiException)
        {
            return -1;
        }
    }, ready => ready == count, TimeSpan.FromSeconds(60));

    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void Signal(int pid, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _started)
        {
            await child.DisposeAsync();
        }
        foreach (var pid in Processes.Values)
        {
            Signal(pid, "KILL");
        }
        Directory.Delete(Path.GetDirectoryName(StateDir)!, recursive: true);
    }

    private static int? Pid(string folder) => File.Exists(Path.Combine(folder, "pid"))
        && int.TryParse(File.ReadAllText(Path.Combine(folder, "pid")).Split(' ')[0], CultureInfo.InvariantCulture, out var pid)
        ? pid : null;
}
