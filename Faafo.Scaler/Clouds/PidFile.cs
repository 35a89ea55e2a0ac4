using System.Diagnostics;
using System.Globalization;

namespace Faafo.Scaler.Clouds;

/// <summary>
/// Which process an instance is. Before it becomes the program, the process itself writes its pid and when it began, in clock ticks
/// since the boot (/proc/PID/stat, proc(5)); a later process that merely got the same number began at another tick. Wall-clock times
/// would do only while nobody sets the clock. Systems without /proc compare those, for lack of better.
/// </summary>
internal static class PidFile
{
    /// <summary>The environment variable that tells the process where to write.</summary>
    public const string Variable = "FAAFO_PID_FILE";

    /// <summary>The shell command by which it writes.</summary>
    public const string Script = $$"""{ read -r stat < "/proc/$$/stat"; echo "${stat:-$$}" > "${{Variable}}"; } 2> /dev/null""";

    private const int StartTicks = 19;      // field 22, counted behind the name, which may hold blanks

    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(5);

    /// <summary>The file of an instance.</summary>
    public static string In(string folder) => Path.Combine(folder, "pid");

    /// <summary>Whether the process has come so far as to write it.</summary>
    public static bool IsWritten(string folder) => new FileInfo(In(folder)) is { Exists: true, Length: > 0 };

    /// <summary>The pid of an instance's process; null when it has ended, or was never started.</summary>
    public static int? Find(string folder)
    {
        try
        {
            var text = File.ReadAllText(In(folder));
            var pid = int.Parse(text.Split(' ', '\n')[0], CultureInfo.InvariantCulture);
            return (Fields(text) is { } began ? IsSame(pid, began) : BeganAt(pid, File.GetLastWriteTimeUtc(In(folder)))) ? pid : null;
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A zombie has ended too; nobody may ever collect it where process 1 is no init.
    private static bool IsSame(int pid, string[] began) =>
        File.Exists($"/proc/{pid}/stat") && Fields(File.ReadAllText($"/proc/{pid}/stat")) is { } now
        && now[0] is not ("Z" or "X") && now[StartTicks] == began[StartTicks];

    private static string[]? Fields(string stat) =>
        stat.LastIndexOf(')') is var name and >= 0 && stat[(name + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > StartTicks } fields
            ? fields : null;

    private static bool BeganAt(int pid, DateTime written)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited && (process.StartTime.ToUniversalTime() - written).Duration() < StartTolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
