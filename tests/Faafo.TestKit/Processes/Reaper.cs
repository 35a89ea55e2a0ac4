using System.Diagnostics;

namespace Faafo.TestKit.Processes;

/// <summary>
/// The one shell process (tests/servers/reaper) that outlives a killed test run: it reads from a pipe which processes and folders this
/// run has, and removes them when the pipe closes, however this process ends.
/// </summary>
internal static class Reaper
{
    private static readonly Lazy<StreamWriter> Pipe = new(() =>
    {
        var start = new ProcessStartInfo("setsid") { ArgumentList = { "bash", Path.Combine(AppContext.BaseDirectory, "reaper") } };
        start.RedirectStandardInput = true;
        return Process.Start(start)!.StandardInput;
    });

    /// <summary>A folder of this run; it is gone when the run is over.</summary>
    public static string Folder { get; } = MakeFolder();

    /// <summary>The process group of this process is ended with the run.</summary>
    public static void Watch(int processId) => Say($"watch {processId}");

    /// <summary>The process has ended.</summary>
    public static void Forget(int processId) => Say($"forget {processId}");

    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("faafo-tests-");
        // PostgreSQL runs as another user and must be able to pass.
        File.SetUnixFileMode(folder.FullName, folder.UnixFileMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Say($"remove {folder.FullName}");
        return folder.FullName;
    }

    private static void Say(string line)
    {
        lock (Pipe)
        {
            Pipe.Value.WriteLine(line);
            Pipe.Value.Flush();
        }
    }
}
