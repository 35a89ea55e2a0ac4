using System.Diagnostics;
using System.Globalization;

namespace Faafo.Scaler.Local;

/// <summary>
/// Which process an instance is. Before it becomes the program, the process itself writes its pid and when it began, in clock ticks
/// since the boot (/proc/PID/stat, proc(5)), and which boot that was; a later process with the same number began at another tick or in
/// another boot. Wall-clock times would do only while the clock is not set. Systems without /proc compare those, for lack of better.
/// </summary>
internal static class PidFile
{
    /// <summary>The environment variable that tells the process where to write.</summary>
    public const string Variable = "FAAFO_PID_FILE";

    /// <summary>The shell command by which it writes.</summary>
    public const string Script = $$"""
        { read -r stat < "/proc/$$/stat"; read -r boot < /proc/sys/kernel/random/boot_id; echo "${stat:-$$} $boot" > "${{Variable}}"; } 2> /dev/null
        """;

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
            var running = ProcessIdentity.StatFields(text) is { } began ? IsSame(pid, began) : BeganAt(pid, File.GetLastWriteTimeUtc(In(folder)));
            return running ? pid : null;
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>When a process started, by the system's clock; null when there is none of this number.</summary>
    public static DateTime? StartOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime.ToUniversalTime();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static bool IsSame(int pid, string[] began)
    {
        var stat = $"/proc/{pid}/stat";
        // Written before the boot was kept beside: the ticks alone have to do.
        var sameBoot = began[^1] == ProcessIdentity.Own.Boot || !began[^1].Contains('-', StringComparison.Ordinal);
        return sameBoot && File.Exists(stat) && ProcessIdentity.StatFields(File.ReadAllText(stat)) is { } now
            && ProcessIdentity.BeganBy(now) is { } ticks && ticks == ProcessIdentity.BeganBy(began);
    }

    private static bool BeganAt(int pid, DateTime written) => StartOf(pid) is { } start && (start - written).Duration() < StartTolerance;
}
