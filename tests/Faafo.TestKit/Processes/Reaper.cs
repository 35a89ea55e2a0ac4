using System.Diagnostics;

namespace Faafo.TestKit.Processes;

/// <summary>
/// The shell process (tests/servers/reaper) that outlives a killed test run: it reads the processes and folders of this run from a pipe,
/// and removes them when the pipe closes, however this process ends.
/// </summary>
internal static class Reaper
{
    private static readonly Lazy<StreamWriter> Pipe = new(() =>
    {
        var start = new ProcessStartInfo("setsid") { ArgumentList = { "bash", Path.Combine(AppContext.BaseDirectory, "reaper") } };
        start.RedirectStandardInput = true;
        return Process.Start(start)!.StandardInput;
    });

    /// <summary>Registers a folder, to be deleted at the end of the run.</summary>
    public static string Folder { get; } = MakeFolder();

    /// <summary>Registers a process, whose group is killed at the end of the run.</summary>
    public static void Watch(int processId) => Say($"watch {processId}");

    /// <summary>Unregisters a process that has exited.</summary>
    public static void Forget(int processId) => Say($"forget {processId}");

    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("faafo-tests-");
        // PostgreSQL runs as another user and must be able to traverse the folder.
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
